import { createGroupFilters } from '../../cloudwatch/group-filters';
import { createLogs } from '../../cloudwatch/logs';
import { type MetricFilter, readMetricFilter } from '../../cloudwatch/metric-filter';

const PATTERNS = [
  '{ $.type = "Entered" && $.details.name = "a" }',
  '{ $.type = "Entered" && $.details.name = "b" }',
  '{ $.type = "Exited" && $.details.name = "a" }',
  '{ $.type = "Entered" && $.details.name != "a" }',
  '{ $.type = "Entered" || $.details.name = "b" }',
  '{ $.details.name = "a*" && $.type = "Entered" }',
  '{ $.details.name = "true" }',
  '{ $.details.name = 5 }',
  '{ $.details.name = "5" && $.details.size > 1 }',
  '{ $.details.* = "b" }',
  '{ $.details.name IS NULL }',
  '{ $.other NOT EXISTS }',
  '"Entered"',
].map((pattern, index): MetricFilter =>
  readMetricFilter({
    logicalId: `Filter${index}`,
    type: 'AWS::Logs::MetricFilter',
    physicalId: '',
    attributes: {},
    metadata: {},
    properties: {
      FilterPattern: pattern,
      LogGroupName: 'group',
      MetricTransformations: [{ MetricName: pattern, MetricNamespace: 'Test', MetricValue: '1' }],
    },
  }),
);

const EVENTS = ['Entered', 'Exited', undefined].flatMap((type) =>
  ['a', 'b', 'ab', true, 5, '5', null, ['a'], undefined].map((name) => ({ type, details: { name, size: 2 } })),
);

describe('the filters of a log group', () => {
  it.each([
    ['whose type is known', (type: string | undefined) => type],
    ['whose type is not known', () => undefined],
  ])('match what each of them does alone, of events %s', (_what, typeOf) => {
    const logs = createLogs();
    const measured: string[] = [];
    logs.subscribe(
      'group',
      createGroupFilters(PATTERNS, undefined, ({ metricName }) => measured.push(metricName)),
    );

    for (const event of EVENTS) {
      const message = JSON.stringify(event);
      logs.putLater('group', 'stream', { print: () => message }, 1, typeOf(event.type));
      const alone = PATTERNS.filter(({ pattern }) =>
        pattern.matches(pattern.subject === 'text' ? message : (JSON.parse(message) as unknown)),
      );

      expect(measured.splice(0).sort()).toEqual(alone.map(({ metricName }) => metricName).sort());
    }
  });

  it('take an event that is no JSON object as a text', () => {
    const logs = createLogs();
    const measured: string[] = [];
    logs.subscribe(
      'group',
      createGroupFilters(PATTERNS, undefined, ({ metricName }) => measured.push(metricName)),
    );

    logs.put('group', 'stream', '["Entered"]');

    expect(measured).toContain('"Entered"');
    expect(measured).not.toContain('{ $.type = "Entered" || $.details.name = "b" }');
  });
});
