import {
  type RawTemplate,
  resolveTemplate,
  stackLocation,
  type TemplateResource,
} from 'template-runtime/cloudformation';
import { stackOf, synthesized } from './synthesized';

/** The resources of a stack with this name, as CloudFormation would resolve them in one account and region. */
function deployed(stackName: string): readonly TemplateResource[] {
  const settings = { STACK_NAME: stackName, ALARM_EMAIL: 'on-call@example.com' };
  const stackId = `arn:aws:cloudformation:us-east-1:000000000000:stack/${stackName}/10ca1000-${stackName}`;
  return resolveTemplate(synthesized(settings).toJSON() as RawTemplate, { ...stackLocation(stackName), stackId })
    .resources;
}

/** Names that the template gives, of resources that are known by their name in an account's region. */
const NAMES: readonly (readonly [type: string, property: string])[] = [
  ['AWS::ApiGateway::RestApi', 'Name'],
  ['AWS::CloudWatch::Alarm', 'AlarmName'],
  ['AWS::CloudWatch::Dashboard', 'DashboardName'],
  ['AWS::Logs::LogGroup', 'LogGroupName'],
  ['AWS::SNS::Topic', 'DisplayName'],
  ['AWS::SecretsManager::Secret', 'Name'],
  ['AWS::StepFunctions::StateMachine', 'StateMachineName'],
];

const names = (resources: readonly TemplateResource[]): string[] =>
  resources.flatMap(({ type, properties }) =>
    NAMES.filter(([named]) => named === type).flatMap(([, property]) => {
      const name = properties[property];
      return typeof name === 'string' ? [`${type} ${name}`] : [];
    }),
  );

interface Metric {
  readonly Namespace: string;
  readonly Dimensions?: readonly { Name: string; Value: string }[];
}

/** What the alarms read and the metric filters write: namespace and dimensions. */
const metrics = (resources: readonly TemplateResource[]): string[] => [
  ...resources
    .filter(({ type }) => type === 'AWS::CloudWatch::Alarm')
    .map(({ properties }) => properties as unknown as Metric)
    .map(({ Namespace, Dimensions = [] }) => [Namespace, ...Dimensions.map(({ Value }) => Value)].join(' ')),
  ...resources
    .filter(({ type }) => type === 'AWS::Logs::MetricFilter')
    .flatMap(({ properties }) => properties['MetricTransformations'] as { MetricNamespace: string }[])
    .map(({ MetricNamespace }) => MetricNamespace),
];

const shared = (one: readonly string[], other: readonly string[]): string[] =>
  one.filter((item) => other.includes(item));

describe('two stacks in one region', () => {
  const [one, other] = [deployed('AtomicCounter'), deployed('Staging')];

  it('share no name', () => {
    expect(names(one).length).toBeGreaterThan(25);
    expect(shared(names(one), names(other))).toEqual([]);
  });

  it('share no metric', () => {
    expect(metrics(one).length).toBeGreaterThan(40);
    expect(shared(metrics(one), metrics(other))).toEqual([]);
  });

  it('share no physical id', () => {
    const ids = (resources: readonly TemplateResource[]): string[] =>
      // A stage and a model are named inside their API.
      resources.filter(({ type }) => !/::(Stage|Model)$/.test(type)).map(({ physicalId }) => physicalId);

    expect(shared(ids(one), ids(other))).toEqual([]);
  });

  it('are named by the setting', () => {
    expect(stackOf({ STORES: 'dynamo' }).stackName).toBe('AtomicCounter');
    expect(stackOf({ STORES: 'dynamo', STACK_NAME: 'Staging' }).stackName).toBe('Staging');
  });
});
