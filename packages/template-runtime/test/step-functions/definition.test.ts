import { machine, start } from './machines';

const PASS = { Type: 'Pass', End: true };
const TASK = { Type: 'Task', Resource: 'arn:aws:states:::test:call', End: true };

const refuse =
  (states: Record<string, unknown>, type: 'EXPRESS' | 'STANDARD' = 'EXPRESS') =>
  () =>
    start([machine('m', states, { type })], {
      integrations: {
        'arn:aws:states:::test:': () => Promise.resolve(null),
        'arn:aws:states:::aws-sdk:dynamodb:': () => Promise.resolve(null),
      },
    });

describe('a definition is refused', () => {
  it.each([
    [
      { P: { ...PASS, ResultPath: '$.x' } },
      /field 'ResultPath' is only supported for the 'JSONPath'.* at \/States\/P \(write "Output"/,
    ],
    [
      { P: { ...PASS, Parameters: {} } },
      /field 'Parameters' is only supported for the 'JSONPath'.*\(write "Arguments"/,
    ],
    [
      { C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'C' }] } },
      /field 'Variable' is only supported.* at \/States\/C\/Choices\[0\] \(write "Condition"/,
    ],
    [{ P: { ...PASS, QueryLanguage: 'JSONPath' } }, /'QueryLanguage' can not be 'JSONPath'.* at \/States\/P$/],
    [{ P: { ...PASS, Retry: [] } }, /Field 'Retry' is not supported at \/States\/P$/],
    [{ P: { Type: 'Pass' } }, /only one of the following fields: \[Next, End\] at \/States\/P$/],
    [
      { P: { Type: 'Pass', Next: 'Nowhere' } },
      /Missing 'Next' target: Nowhere at \/States\/P\/Next, MISSING_END_STATE: .* at null$/,
    ],
    [
      { P: { Type: 'Pass' }, W: { Type: 'Wait', End: true, Retry: [] } },
      /at \/States\/P, .* at \/States\/W, .*\[SecondsPath, Seconds, TimestampPath, Timestamp\] at \/States\/W$/,
    ],
    [{ P: { Type: 'Poss', End: true } }, /'Type' should have one of these values: .*Map\] at \/States\/P\/Type$/],
    [
      { P: { ...PASS, Output: '{% phone %}' } },
      /Reference to 'phone' at the top level is not supported\. at \/States\/P\/Output$/,
    ],
    [
      { P: { ...PASS, Output: { v: '{% $$ %}' } } },
      /Reference to '\$\$' is not supported\. at \/States\/P\/Output\/v$/,
    ],
    [
      { P: { ...PASS, Output: '{% 1 + %}' } },
      /INVALID_JSONATA_EXPRESSION: Unexpected end of expression at \/States\/P\/Output$/,
    ],
    [
      { P: { ...PASS, Output: '{% $states.result %}' } },
      /UNSUPPORTED_JSONATA_EXPRESSION: Field '\$states\.result' does not exist\. at/,
    ],
    [
      { P: { ...PASS, Assign: { states: 1 } } },
      /RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '\$states'\. at \/States\/P\/Assign\/states$/,
    ],
    [{ T: { ...TASK, Arguments: '{% $states.errorOutput %}' } }, /Field '\$states\.errorOutput' does not exist\./],
    [
      { T: { ...TASK, Resource: 'arn:aws:states:::sqs:sendMessage' } },
      /arn:aws:states:::sqs:sendMessage is not emulated/,
    ],
    [{ T: { ...TASK, HeartbeatSeconds: 5 } }, /Field 'HeartbeatSeconds' is not emulated at \/States\/T$/],
    [
      {
        T: {
          ...TASK,
          Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem',
          Arguments: { TableName: 't', ConditionExpresion: 'x' },
        },
      },
      /SCHEMA_VALIDATION_FAILED: The field "ConditionExpresion" is not supported by Step Functions at \/States\/T\/Arguments$/,
    ],
    [
      { T: { ...TASK, Resource: 'arn:aws:states:::aws-sdk:dynamodb:GetItem' } },
      /aws-sdk:dynamodb:GetItem is not emulated/,
    ],
    [
      { T: { ...TASK, Retry: [{ ErrorEquals: [] }] } },
      /Value cannot be empty at \/States\/T\/Retry\[0\]\/ErrorEquals$/,
    ],
    [
      { T: { ...TASK, Retry: [{ ErrorEquals: ['A'], BackoffRate: 0.5 }] } },
      /Minimum value is 1\.0 at \/States\/T\/Retry\[0\]\/BackoffRate$/,
    ],
    [
      { T: { ...TASK, Resource: 'arn:aws:states:::states:startExecution.sync:2' } },
      /Express state machine does not support '\.sync' service integration/,
    ],
    [
      { W: { Type: 'Wait', End: true } },
      /only one of the following fields: \[SecondsPath, Seconds, TimestampPath, Timestamp\]/,
    ],
    [{ W: { Type: 'Wait', Seconds: 'soon', End: true } }, /Expected value of type Integer at \/States\/W\/Seconds$/],
    [
      {
        M: {
          Type: 'Map',
          ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'P', States: { P: PASS } },
          End: true,
        },
      },
      /DISTRIBUTED is not emulated/,
    ],
    [
      {
        B: { Type: 'Parallel', Branches: [{ StartAt: 'P', States: { P: { ...PASS, Output: '{% x %}' } } }], End: true },
      },
      /at \/States\/B\/Branches\[0\]\/States\/P\/Output$/,
    ],
  ])('%j', (states, message) => {
    expect(refuse(states)).toThrow(message);
  });

  it('when it is no JSON, or has no states', () => {
    const bad = (definition: string) => () => start([machine('m', {}, { definition })]);

    expect(bad('not a definition')).toThrow(/INVALID_JSON_DESCRIPTION/);
    expect(bad('{"QueryLanguage":"JSONata","StartAt":"A"}')).toThrow(/SCHEMA_VALIDATION_FAILED/);
    expect(bad('{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}')).toThrow(/'A' is a JSONPath state/);
  });

  it('but not when single states of a JSONPath machine are JSONata', () => {
    const definition = '{"StartAt":"A","States":{"A":{"Type":"Pass","QueryLanguage":"JSONata","End":true}}}';

    expect(() => start([machine('m', {}, { definition })])).not.toThrow();
  });
});
