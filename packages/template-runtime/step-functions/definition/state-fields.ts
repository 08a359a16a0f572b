/** JSON's query languages for states. */
export type QueryLanguage = 'JSONata' | 'JSONPath';

interface TypeFields {
  /** Fields that states of both languages may have. */
  readonly both: readonly string[];
  readonly jsonata: readonly string[];
  readonly jsonPath: readonly string[];
}

const COMMON = ['Type', 'Comment', 'QueryLanguage'];
const NEXT = ['Next', 'End'];
const IN_AND_OUT = ['InputPath', 'OutputPath'];
const RESULT = [...IN_AND_OUT, 'Parameters', 'ResultPath', 'ResultSelector'];

/**
 * Which fields a state may have, by its type.
 *
 * Source: measured on AWS by ValidateStateMachineDefinition, https://github.com/badmintoncryer/cdk-preflight
 * (pf-sfn-asl-state-fields, pf-sfn-asl-query-language) and https://github.com/floci-io/floci/issues/2735
 */
const FIELDS: Readonly<Record<string, TypeFields>> = {
  Pass: {
    both: [...NEXT, 'Assign'],
    jsonata: ['Output'],
    jsonPath: [...IN_AND_OUT, 'Parameters', 'Result', 'ResultPath'],
  },
  Task: {
    both: [...NEXT, 'Assign', 'Resource', 'Credentials', 'Retry', 'Catch', 'TimeoutSeconds', 'HeartbeatSeconds'],
    jsonata: ['Arguments', 'Output'],
    jsonPath: [...RESULT, 'TimeoutSecondsPath', 'HeartbeatSecondsPath'],
  },
  Wait: {
    both: [...NEXT, 'Assign', 'Seconds', 'Timestamp'],
    jsonata: ['Output'],
    jsonPath: [...IN_AND_OUT, 'SecondsPath', 'TimestampPath'],
  },
  Parallel: {
    both: [...NEXT, 'Assign', 'Retry', 'Catch', 'Branches'],
    jsonata: ['Arguments', 'Output'],
    jsonPath: RESULT,
  },
  Map: {
    both: [
      ...[
        ...NEXT,
        'Assign',
        'Retry',
        'Catch',
        'ItemProcessor',
        'Iterator',
        'ItemSelector',
        'ItemReader',
        'ItemBatcher',
      ],
      ...['ResultWriter', 'MaxConcurrency', 'ToleratedFailureCount', 'ToleratedFailurePercentage', 'Label'],
    ],
    jsonata: ['Items', 'Output'],
    jsonPath: [
      ...[...RESULT, 'ItemsPath', 'MaxConcurrencyPath'],
      ...['ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'],
    ],
  },
  Choice: { both: ['Assign', 'Choices', 'Default'], jsonata: ['Output'], jsonPath: IN_AND_OUT },
  Succeed: { both: [], jsonata: ['Output'], jsonPath: IN_AND_OUT },
  Fail: { both: ['Error', 'Cause'], jsonata: [], jsonPath: ['ErrorPath', 'CausePath'] },
};

/** Fields that are read by AWS only. */
export const NOT_EMULATED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: ['Credentials', 'HeartbeatSeconds'],
  Map: ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'],
};

/** In AWS's order. */
export const STATE_TYPES = ['Task', 'Wait', 'Pass', 'Succeed', 'Fail', 'Choice', 'Parallel', 'Map'];

/** What is wrong with a field of a state, in AWS's words; undefined where nothing is. */
export function fieldProblem(type: string, language: QueryLanguage, field: string): string | undefined {
  const { both, jsonata, jsonPath } = FIELDS[type] ?? { both: [], jsonata: [], jsonPath: [] };
  const [own, others] = language === 'JSONata' ? [jsonata, jsonPath] : [jsonPath, jsonata];
  if (COMMON.includes(field) || both.includes(field) || own.includes(field)) return undefined;
  return others.includes(field) ? otherLanguage(language, field) : `Field '${field}' is not supported`;
}

export function otherLanguage(language: QueryLanguage, field: string): string {
  const other = language === 'JSONata' ? 'JSONPath' : 'JSONata';
  return `The QueryLanguage is set to '${language}', but field '${field}' is only supported for the '${other}' QueryLanguage`;
}

const PATHS = ['Seconds', 'Timestamp', 'TimeoutSeconds', 'HeartbeatSeconds', 'Error', 'Cause', 'MaxConcurrency'];

/** What a JSONata state has instead of the fields of JSONPath states. */
const INSTEAD: Readonly<Record<string, string>> = {
  InputPath: 'read $states.input in an expression',
  OutputPath: 'write "Output"',
  Parameters: 'write "Arguments" (in a Pass state "Output")',
  Result: 'write "Output"',
  ResultPath: 'write "Output" with $states.result in it',
  ResultSelector: 'write "Output" with $states.result in it',
  ItemsPath: 'write "Items"',
  Variable: 'write "Condition" with an expression',
  ...Object.fromEntries(
    [...PATHS, 'ToleratedFailureCount', 'ToleratedFailurePercentage'].map((name) => [
      `${name}Path`,
      `write "${name}" with an expression`,
    ]),
  ),
};

/** What to write instead of a field of JSONPath. */
export const hintFor = (field: string): string | undefined =>
  Object.hasOwn(INSTEAD, field) ? INSTEAD[field] : undefined;

/** Fields of JSONPath inside a state: of choice rules and catchers. */
export const isJsonPathField = (field: string): boolean =>
  ['Variable', 'ResultPath', 'And', 'Or', 'Not'].includes(field) ||
  /^(?:String|Numeric|Boolean|Timestamp|Is)[A-Z]/.test(field);
