import { createLogs, type Logs } from '../../cloudwatch/logs';
import { type Metrics, type MetricsOptions, startMetrics } from '../../cloudwatch/metrics';
import type { TemplateResource } from '../../cloudformation/resource';

function resource(logicalId: string, type: string, properties: Record<string, unknown>): TemplateResource {
  return { logicalId, type, physicalId: logicalId, attributes: {}, properties, metadata: {} };
}

/** A metric filter on the group `executions`. */
function filter(
  logicalId: string,
  pattern: string,
  transformation: Record<string, unknown> = {},
  properties: Record<string, unknown> = {},
): TemplateResource {
  return resource(logicalId, 'AWS::Logs::MetricFilter', {
    FilterPattern: pattern,
    LogGroupName: 'executions',
    MetricTransformations: [{ MetricName: logicalId, MetricNamespace: 'Test', MetricValue: '1', ...transformation }],
    ...properties,
  });
}

const parsedOutput = resource('Parsed', 'AWS::Logs::Transformer', {
  LogGroupIdentifier: 'executions',
  TransformerConfig: [
    { ParseJSON: { Source: '@message' } },
    { ParseJSON: { Source: 'details.output', Destination: 'result' } },
  ],
});

function start(resources: TemplateResource[], options: Partial<MetricsOptions> = {}): { logs: Logs; metrics: Metrics } {
  const logs = createLogs();
  return { logs, metrics: startMetrics({ resources, logs, ...options }) };
}

const succeeded = (output: unknown): string =>
  JSON.stringify({ id: '9', type: 'ExecutionSucceeded', details: { output: JSON.stringify(output) } });

describe('a metric filter', () => {
  it('leaves an event unprinted whose type it does not want', () => {
    const { logs, metrics } = start([
      filter('Errors', '{ $.type = "Failed" && $.details.name = "x" }'),
      parsedOutput,
      filter('Value', '{ $.type = "ExecutionSucceeded" }', {}, { ApplyOnTransformedLogs: true }),
    ]);
    const print = jest.fn(() => '{"type":"Failed","details":{"name":"x"}}');

    logs.putLater('executions', 's', { print }, 1, 'Started');
    expect(print).not.toHaveBeenCalled();
    logs.putLater('executions', 's', { print }, 1, 'Failed');

    expect(metrics.dataPoints().map(({ metricName }) => metricName)).toEqual(['Errors']);
  });

  it.each([
    [
      'moves another text to the type',
      { CopyValue: { Entries: [{ Source: 'details.name', Target: 'type', OverwriteIfExists: true }] } },
    ],
    ['parses one over the event', { ParseJSON: { Source: 'details.output' } }],
    ['parses one to the type', { ParseJSON: { Source: 'details.output', Destination: 'type' } }],
  ])('looks at every event behind a transformer that %s', (_what, processor) => {
    const { logs, metrics } = start([
      resource('Retyped', 'AWS::Logs::Transformer', {
        LogGroupIdentifier: 'executions',
        TransformerConfig: [{ ParseJSON: {} }, processor],
      }),
      filter('Found', '{ $.type = "Wanted" || $.type.type = "Wanted" }', {}, { ApplyOnTransformedLogs: true }),
      filter('FoundByType', '{ $.type = "Wanted" }', {}, { ApplyOnTransformedLogs: true }),
    ]);
    const message = JSON.stringify({ type: 'Other', details: { name: 'Wanted', output: '{"type":"Wanted"}' } });

    logs.putLater('executions', 's', { print: () => message }, 1, 'Other');
    const later = metrics.dataPoints().map(({ metricName }) => metricName);
    logs.put('executions', 's', message);

    expect(later).toContain('Found');
    expect(
      metrics
        .dataPoints()
        .slice(later.length)
        .map(({ metricName }) => metricName),
    ).toEqual(later);
  });

  it('makes a data point of each event that matches, with the event', () => {
    const { logs, metrics } = start([filter('Errors', '{ $.level = "ERROR" }', { Unit: 'Count' })]);

    logs.put('executions', 's', '{"level":"ERROR"}', 1000);
    logs.put('executions', 's', '{"level":"INFO"}', 2000);
    logs.put('executions', 's', 'no JSON: ERROR', 3000);

    expect(JSON.parse(JSON.stringify(metrics.dataPoints()))).toEqual([
      {
        namespace: 'Test',
        metricName: 'Errors',
        dimensions: {},
        value: 1,
        unit: 'Count',
        timestamp: 1000,
        filter: 'Errors',
        logEvent: JSON.parse(JSON.stringify(logs.events('executions')[0])) as unknown,
      },
    ]);
  });

  it('looks at its own log group only', () => {
    const { logs, metrics } = start([filter('All', '')]);

    logs.put('other', 's', 'event');

    expect(metrics.dataPoints()).toEqual([]);
  });

  it('takes its value and its dimensions from the event', () => {
    const { logs, metrics } = start([
      filter('Latency', '{ $.ms = * }', { MetricValue: '$.ms', Dimensions: [{ Key: 'Store', Value: '$.store' }] }),
    ]);

    logs.put('executions', 's', '{"ms":12.5,"store":"redis"}');
    logs.put('executions', 's', '{"ms":"7","store":"redis"}');
    logs.put('executions', 's', '{"ms":"slow","store":"redis"}');
    logs.put('executions', 's', '{"ms":3}');

    expect(metrics.dataPoints().map(({ value, dimensions }) => [value, dimensions])).toEqual([
      [12.5, { Store: 'redis' }],
      [7, { Store: 'redis' }],
    ]);
  });

  it('sees the raw event, or the transformed one where it asks for that', () => {
    const { logs, metrics } = start([
      parsedOutput,
      filter('Raw', '{ $.result.outcome = "incremented" }'),
      filter('Ended', '{ $.type = "ExecutionSucceeded" }'),
      filter(
        'CounterValue',
        '{ $.type = "ExecutionSucceeded" && $.result.outcome = "incremented" }',
        { MetricValue: '$.result.counter' },
        { ApplyOnTransformedLogs: true },
      ),
    ]);

    logs.put('executions', 's', succeeded({ outcome: 'incremented', counter: 41 }));
    logs.put('executions', 's', succeeded({ outcome: 'limit-reached' }));

    expect(metrics.dataPoints().map(({ filter: by, value }) => [by, value])).toEqual([
      ['Ended', 1],
      ['CounterValue', 41],
      ['Ended', 1],
    ]);
  });

  it('finds a text however the event writes it', () => {
    const { logs, metrics } = start([filter('Types', '{ $.type = "Succeeded" }')]);

    logs.put('executions', 's', '{"type":"\\u0053ucceeded"}');

    expect(metrics.dataPoints()).toHaveLength(1);
  });

  it('finds a text that its transformer writes', () => {
    const lower = resource('Lower', 'AWS::Logs::Transformer', {
      LogGroupIdentifier: 'executions',
      TransformerConfig: [{ ParseJSON: {} }, { LowerCaseString: { WithKeys: ['level'] } }],
    });
    const { logs, metrics } = start([
      lower,
      filter('Errors', '{ $.level = "error" }', {}, { ApplyOnTransformedLogs: true }),
    ]);

    logs.put('executions', 's', '{"level":"ERROR"}');

    expect(metrics.dataPoints()).toHaveLength(1);
  });

  it('with a default reports it for each minute of events without a match', () => {
    const MINUTE = 60_000;
    const { logs, metrics } = start([filter('Errors', 'ERROR', { DefaultValue: 0 })], { now: () => 10 * MINUTE });

    logs.put('executions', 's', 'fine', 1 * MINUTE + 5);
    logs.put('executions', 's', 'ERROR', 2 * MINUTE + 5);
    logs.put('executions', 's', 'fine', 2 * MINUTE + 6);
    logs.put('executions', 's', 'fine', 4 * MINUTE);

    expect(metrics.dataPoints().map(({ value, timestamp }) => [value, timestamp])).toEqual([
      [0, MINUTE],
      [1, 2 * MINUTE + 5],
      [0, 4 * MINUTE],
    ]);
  });
});

describe('the metrics', () => {
  it('sum up all values, also of data points that have dropped off', () => {
    const { logs, metrics } = start(
      [filter('Value', '{ $.n > 0 }', { MetricValue: '$.n', Dimensions: [{ Key: 'Id', Value: '$.id' }] })],
      { keep: 3 },
    );

    for (let n = 1; n <= 10; n += 1) logs.put('executions', 's', JSON.stringify({ n, id: n % 2 ? 'odd' : 'even' }));

    const query = { namespace: 'Test', metricName: 'Value' };
    expect(metrics.dataPoints().map(({ value }) => value)).toEqual([8, 9, 10]);
    expect(metrics.sum(query)).toBe(55);
    expect(metrics.sum({ ...query, dimensions: { Id: 'odd' } })).toBe(25);
    expect(metrics.sum({ ...query, dimensions: { Id: 'odd', Other: 'x' } })).toBe(0);
    expect(metrics.sum({ ...query, namespace: 'Other' })).toBe(0);
  });

  it('are no longer made after close', () => {
    const { logs, metrics } = start([filter('All', '')]);

    metrics.close();
    logs.put('executions', 's', 'event');

    expect(metrics.dataPoints()).toEqual([]);
  });
});

describe('a filter that can not be emulated ends the start', () => {
  it.each<[string, TemplateResource]>([
    ['FilterPattern: "EXISTS" is no operator', filter('Odd', '{ $.a EXISTS }')],
    ['FilterPattern: patterns for space-delimited events', filter('Odd', '[ip, user]')],
    ['FieldSelectionCriteria: is not emulated', filter('Odd', '', {}, { FieldSelectionCriteria: 'x' })],
    ['MetricTransformations: must be exactly one', filter('Odd', '', {}, { MetricTransformations: [] })],
    [
      'MetricTransformations[0].MetricValue: takes fields from JSON patterns',
      filter('Odd', 'a', { MetricValue: '$.a' }),
    ],
    [
      'MetricTransformations[0].MetricValue: "counter" is no selector',
      filter('Odd', '{ $.a = 1 }', { MetricValue: 'counter' }),
    ],
    [
      'MetricTransformations[0].DefaultValue: can not stand beside Dimensions',
      filter('Odd', '{ $.a = 1 }', { DefaultValue: 0, Dimensions: [{ Key: 'A', Value: '$.a' }] }),
    ],
    ['ApplyOnTransformedLogs: is emulated for JSON patterns', filter('Odd', 'a', {}, { ApplyOnTransformedLogs: true })],
  ])('%s', (message, odd) => {
    expect(() => start([odd])).toThrow(`Odd (AWS::Logs::MetricFilter) ${message}`);
  });

  it('also for a second transformer of a group', () => {
    const second = { ...parsedOutput, logicalId: 'Second' };

    expect(() => start([parsedOutput, second, filter('All', '')])).toThrow(
      'Second (AWS::Logs::Transformer) LogGroupIdentifier: has a transformer already',
    );
  });
});
