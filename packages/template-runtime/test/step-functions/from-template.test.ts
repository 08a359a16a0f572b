import { stateMachinesFromTemplate } from '../../step-functions';
import type { TemplateResource } from '../../cloudformation/resource';

const resource = (properties: Record<string, unknown>): TemplateResource => ({
  logicalId: 'Workflow',
  type: 'AWS::StepFunctions::StateMachine',
  physicalId: 'arn:aws:states:eu-west-1:123456789012:stateMachine:Workflow',
  attributes: { Name: 'Workflow' },
  properties: { DefinitionString: '{}', ...properties },
  metadata: {},
});
const LOG_GROUP = 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/states/x:*';

describe('state machines of a template', () => {
  it('come with their substitutions, type, role and log', () => {
    const machines = stateMachinesFromTemplate([
      resource({
        DefinitionString: '{"Resource":"${FunctionArn}","Seconds":${Seconds},"Other":"${Unknown}"}',
        DefinitionSubstitutions: { FunctionArn: 'arn:f', Seconds: 5 },
        StateMachineType: 'EXPRESS',
        RoleArn: 'arn:role',
        LoggingConfiguration: {
          Level: 'ALL',
          IncludeExecutionData: true,
          Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: LOG_GROUP } }],
        },
      }),
      { ...resource({}), type: 'AWS::S3::Bucket' },
    ]);

    expect(machines).toEqual([
      {
        arn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:Workflow',
        name: 'Workflow',
        type: 'EXPRESS',
        definition: '{"Resource":"arn:f","Seconds":5,"Other":"${Unknown}"}',
        roleArn: 'arn:role',
        logging: { level: 'ALL', includeExecutionData: true, logGroupName: '/aws/vendedlogs/states/x' },
      },
    ]);
  });

  it('are Standard and unlogged unless they say otherwise, and may be written as an object', () => {
    const [machine] = stateMachinesFromTemplate([
      resource({
        DefinitionString: undefined,
        Definition: { StartAt: '${First}' },
        DefinitionSubstitutions: { First: 'A' },
      }),
    ]);

    expect(machine).toMatchObject({ type: 'STANDARD', definition: '{"StartAt":"A"}' });
    expect(machine?.logging).toBeUndefined();
  });

  it.each([
    [
      { DefinitionS3Location: {} },
      /Workflow \(AWS::StepFunctions::StateMachine\) DefinitionS3Location: is not emulated/,
    ],
    [{ StateMachineType: 'FAST' }, /StateMachineType: must be STANDARD or EXPRESS, got "FAST"/],
    [{ LoggingConfiguration: { Level: 'ALL' } }, /LoggingConfiguration.Destinations: must name a log group/],
    [{ LoggingConfiguration: { Level: 'SOME' } }, /LoggingConfiguration.Level: must be one of/],
    [{ DefinitionString: 7 }, /DefinitionString: the definition must be written in the template/],
  ])('are refused with %j', (properties, message) => {
    expect(() => stateMachinesFromTemplate([resource(properties)])).toThrow(message);
  });
});
