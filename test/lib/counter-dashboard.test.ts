import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { dashboardBody, type TemplateWithDashboard } from '../../lib/dashboard-body';
import { synthesized } from './synthesized';

interface Widget {
  readonly type: string;
  readonly properties: { title: string; metrics?: unknown[][] };
}

const bodyOf = (template: Template): string => dashboardBody(template.toJSON() as TemplateWithDashboard);

const widgetsOf = (template: Template): Widget[] => (JSON.parse(bodyOf(template)) as { widgets: Widget[] }).widgets;

const titlesOf = (template: Template): string[] => widgetsOf(template).map(({ properties }) => properties.title);

describe('the dashboard', () => {
  it('is the one in docs/, which `npm run dashboard` writes', () => {
    const exported = readFileSync(path.join(__dirname, '..', '..', 'docs', 'cloudwatch-dashboard.json'), 'utf8');

    expect(JSON.parse(bodyOf(synthesized()))).toEqual(JSON.parse(exported));
  });

  it('shows how increments end, the API, the executions and the setup', () => {
    expect(titlesOf(synthesized())).toEqual([
      'Alarms',
      'Increments',
      'Limit reached',
      'Store unavailable',
      'Outcome unknown',
      'Largest counter value',
      'Requests',
      'Latency of the integration, ms',
      'Executions of the increment',
      'Executions of the read',
      'Throttled',
      'Setup',
    ]);
  });

  it('shows what is deployed: no setup and one store with DynamoDB alone', () => {
    const template = synthesized({ STORES: 'dynamo' });
    const increments = widgetsOf(template).find(({ properties }) => properties.title === 'Increments');

    expect(titlesOf(template)).not.toContain('Setup');
    expect(increments?.properties.metrics).toHaveLength(1);
  });

  it('leaves out what the log lacks below ALL', () => {
    expect(titlesOf(synthesized({ STORES: 'dynamo', EXECUTION_LOG_LEVEL: 'FATAL', ALARMS: 'false' }))).toEqual([
      'Requests',
      'Latency of the integration, ms',
      'Executions of the increment',
      'Executions of the read',
      'Throttled',
    ]);
  });

  it('finds the largest value of a store also where each counter has a metric of its own', () => {
    const body = bodyOf(synthesized({ STORES: 'dynamo', METRICS_PER_COUNTER: 'true' }));

    expect(body).toContain(
      String.raw`MAX(SEARCH('{\"${'${AWS::StackName}'}\",Store,Counter} MetricName=\"CounterValue\" Store=\"dynamo\"', 'Maximum'))`,
    );
  });

  it('reads only metrics that something publishes', () => {
    const template = synthesized();
    const published = Object.values(template.findResources('AWS::Logs::MetricFilter')).flatMap(({ Properties }) =>
      (Properties as { MetricTransformations: { MetricName: string }[] }).MetricTransformations.map(
        ({ MetricName }) => MetricName,
      ),
    );
    const own = widgetsOf(template)
      .flatMap(({ properties: { metrics = [] } }) => metrics)
      .filter(([namespace]) => !String(namespace).startsWith('AWS/'))
      .map(([, metricName]) => metricName);

    expect(new Set(own)).toEqual(new Set(published));
  });

  it('vanishes with its setting', () => {
    synthesized({ STORES: 'dynamo', DASHBOARD: 'false' }).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });
});
