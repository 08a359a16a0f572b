import { type TemplateResource, UnsupportedTemplateError } from '../cloudformation/resource';
import { compileEventPattern, type EventPattern } from './event-pattern';
import { inputFromPath, inputFromTemplate, type TargetInput } from './target-input';

/** Where a rule sends the events that it matches. */
export interface Target {
  readonly arn: string;
  readonly input: TargetInput;
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeMs: number;
  /** The queue for events that could not be delivered; undefined where they are dropped. */
  readonly deadLetterQueueArn: string | undefined;
}

export interface Rule {
  readonly arn: string;
  readonly matches: EventPattern;
  readonly targets: readonly Target[];
}

const RULE_FIELDS = ['Description', 'EventBusName', 'EventPattern', 'Name', 'RoleArn', 'State', 'Tags', 'Targets'];
const TARGET_FIELDS = [
  'Arn',
  'DeadLetterConfig',
  'Id',
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
  'RoleArn',
];

/** Defaults and limits: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const MOST_RETRIES = 185;
const OLDEST_SECONDS = 86_400;

/**
 * Compiles an `AWS::Events::Rule`; undefined where it is disabled.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
 *
 * @throws UnsupportedTemplateError for a field or a value that isn't emulated
 */
export function readRule(resource: TemplateResource): Rule | undefined {
  const { properties, attributes, physicalId } = resource;
  const unsupported = (field: string, reason: string): UnsupportedTemplateError =>
    new UnsupportedTemplateError(resource, field, reason);
  for (const field of Object.keys(properties)) {
    if (!RULE_FIELDS.includes(field)) throw unsupported(field, 'is not emulated');
  }
  const {
    EventBusName: bus = 'default',
    State: state = 'ENABLED',
    EventPattern: pattern,
    Targets: targets = [],
  } = properties;
  if (bus !== 'default') throw unsupported('EventBusName', 'only the default event bus is emulated');
  if (state !== 'ENABLED' && state !== 'DISABLED') throw unsupported('State', 'must be ENABLED or DISABLED');
  const rule = {
    arn: attributes['Arn'] ?? physicalId,
    matches: compiled(resource, 'EventPattern', () => compileEventPattern(pattern)),
    targets: (targets as Record<string, unknown>[]).map((target, index) => readTarget(resource, target, index)),
  };
  return state === 'ENABLED' ? rule : undefined;
}

function readTarget(resource: TemplateResource, target: Readonly<Record<string, unknown>>, index: number): Target {
  const fieldOf = (name: string): string => `Targets[${index}].${name}`;
  for (const field of Object.keys(target)) {
    if (!TARGET_FIELDS.includes(field)) throw new UnsupportedTemplateError(resource, fieldOf(field), 'is not emulated');
  }
  const { Arn: arn, RetryPolicy: policy = {}, DeadLetterConfig: deadLetters = {} } = target;
  if (typeof arn !== 'string') throw new UnsupportedTemplateError(resource, fieldOf('Arn'), 'must be a text');
  const limits = policy as Record<string, unknown>;
  const number = (name: string, from: number, to: number): number => {
    const value = Number(limits[name] ?? to);
    if (Number.isInteger(value) && value >= from && value <= to) return value;
    throw new UnsupportedTemplateError(
      resource,
      fieldOf(`RetryPolicy.${name}`),
      `must be a whole number from ${from} to ${to}, got ${JSON.stringify(limits[name])}`,
    );
  };
  const { Arn: queueArn } = deadLetters as { Arn?: string };
  return {
    arn,
    input: readInput(resource, target, fieldOf),
    maximumRetryAttempts: number('MaximumRetryAttempts', 0, MOST_RETRIES),
    maximumEventAgeMs: number('MaximumEventAgeInSeconds', 60, OLDEST_SECONDS) * 1000,
    deadLetterQueueArn: queueArn,
  };
}

function readInput(
  resource: TemplateResource,
  { Input: input, InputPath: path, InputTransformer: transformer }: Readonly<Record<string, unknown>>,
  fieldOf: (name: string) => string,
): TargetInput {
  if ([input, path, transformer].filter((value) => value !== undefined).length > 1) {
    throw new UnsupportedTemplateError(resource, fieldOf('Input'), 'stands beside InputPath or InputTransformer');
  }
  if (typeof input === 'string') return () => input;
  if (typeof path === 'string') return compiled(resource, fieldOf('InputPath'), () => inputFromPath(path));
  if (transformer !== undefined) {
    const { InputTemplate: template = '', InputPathsMap: paths = {} } = transformer as {
      InputTemplate?: string;
      InputPathsMap?: Record<string, string>;
    };
    const rule = { ruleArn: resource.attributes['Arn'] ?? '', ruleName: resource.physicalId };
    return compiled(resource, fieldOf('InputTransformer'), () => inputFromTemplate(template, paths, rule));
  }
  return (event) => JSON.stringify(event);
}

function compiled<T>(resource: TemplateResource, field: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof SyntaxError) throw new UnsupportedTemplateError(resource, field, error.message);
    throw error;
  }
}
