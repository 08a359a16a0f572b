import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LEAST_WINDOW_SECONDS, MOST_KEYS } from '../../functions/keyed-increment';
import { COMMAND_TIMEOUT_MS, CONNECT_AHEAD_MS, CONNECT_TIMEOUT_MS, SECRET_TIMEOUT_MS } from '../../functions/timeouts';
import { ConfigurationError, parseConfiguration, readConfiguration, SETTINGS } from '../../lib/configuration';

describe('readConfiguration', () => {
  it('deploys all stores, unconditional, where nothing is set', () => {
    const configuration = readConfiguration({});

    expect(configuration).toEqual({
      stackName: 'AtomicCounter',
      useConditionalWrites: false,
      maxCounterValue: '10',
      stores: ['dynamo', 'redis', 'momento', 'docdb', 'tidb'],
      dynamoShards: 1,
      momentoCacheName: 'atomic-counter',
      momentoStrategy: 'compare-and-set',
      idempotencyWindowSeconds: 120,
      idempotencyKeysPerCounter: 1000,
      throttleRate: 1000,
      throttleBurst: 500,
      quotaPerDay: 1_000_000,
      executionLogLevel: 'ALL',
      metricsPerCounter: false,
      logRetentionDays: 14,
      dashboard: true,
      alarms: true,
      alarmEmail: 'none',
      alarmLatencyMs: 2000,
      tracing: false,
      apiTimeoutSeconds: 15,
      executionTimeoutSeconds: 10,
      taskTimeoutSeconds: 6,
      functionTimeoutSeconds: 5,
      retainData: false,
      availabilityZones: [],
    });
  });

  it('takes an empty text for unset, as in a copied .env.example', () => {
    expect(readConfiguration({ MAX_COUNTER_VALUE: '' }).maxCounterValue).toBe('10');
  });

  it('keeps the largest limit exact', () => {
    expect(readConfiguration({ MAX_COUNTER_VALUE: '9007199254740991' }).maxCounterValue).toBe('9007199254740991');
  });

  it('lists stores in their own order, whatever the order of the setting', () => {
    expect(readConfiguration({ STORES: 'tidb, dynamo' }).stores).toEqual(['dynamo', 'tidb']);
  });

  it.each([
    ['USE_CONDITIONAL_WRITES', 'yes'],
    ['MAX_COUNTER_VALUE', '-3'],
    ['MAX_COUNTER_VALUE', '0'],
    ['MAX_COUNTER_VALUE', '1.5'],
    ['MAX_COUNTER_VALUE', '1e3'],
    ['MAX_COUNTER_VALUE', '9007199254740992'],
    ['MAX_COUNTER_VALUE', '10; DROP TABLE counter'],
    ['STORES', 'dynamo,mysql'],
    ['STORES', 'dynamo,dynamo'],
    ['STORES', ','],
    ['DYNAMO_SHARDS', '0'],
    ['DYNAMO_SHARDS', '257'],
    ['DYNAMO_SHARDS', '04'],
    ['MOMENTO_CACHE_NAME', 'a b'],
    ['MOMENTO_STRATEGY', 'hope'],
    ['IDEMPOTENCY_WINDOW_SECONDS', '59'],
    ['IDEMPOTENCY_WINDOW_SECONDS', '86401'],
    ['IDEMPOTENCY_KEYS_PER_COUNTER', '0'],
    ['IDEMPOTENCY_KEYS_PER_COUNTER', '1001'],
    ['THROTTLE_RATE', '0'],
    ['THROTTLE_BURST', 'many'],
    ['QUOTA_PER_DAY', '2147483648'],
    ['EXECUTION_LOG_LEVEL', 'all'],
    ['METRICS_PER_COUNTER', '1'],
    ['LOG_RETENTION_DAYS', '10'],
    ['LOG_RETENTION_DAYS', '014'],
    ['DASHBOARD', 'no'],
    ['ALARMS', 'TRUE'],
    ['ALARM_EMAIL', 'on-call'],
    ['ALARM_EMAIL', 'a@example.com,b@example.com'],
    ['ALARM_LATENCY_MS', '49'],
    ['TRACING', 'active'],
    ['API_TIMEOUT_SECONDS', '30'],
    ['EXECUTION_TIMEOUT_SECONDS', '6'],
    ['TASK_TIMEOUT_SECONDS', '0.5'],
    ['FUNCTION_TIMEOUT_SECONDS', '4'],
    ['RETAIN_DATA', 'snapshot'],
    ['STACK_NAME', 'my_counters'],
    ['STACK_NAME', '1st'],
    ['STACK_NAME', 'a'.repeat(65)],
    ['AVAILABILITY_ZONES', 'us-east-1a'],
    ['AVAILABILITY_ZONES', 'us-east-1a,us-east-1a'],
    ['AVAILABILITY_ZONES', 'us-east-1a,us-west-2a'],
    ['AVAILABILITY_ZONES', 'use1-az1,use1-az2'],
  ])('refuses %s=%s in one line with the name, the rule and the value', (name, text) => {
    const { rule } = Object.values(SETTINGS).find((setting) => setting.name === name) ?? { rule: '' };

    expect(() => readConfiguration({ [name]: text })).toThrow(
      new ConfigurationError(`${name} must be ${rule}, got "${text}"`),
    );
  });

  it('refuses all that is wrong at once, a line each', () => {
    const settings = { USE_CONDITIONAL_WRITES: 'yes', STORES: 'mars', DYNAMO_SHARDS: '0', THROTTLE_RATE: '5' };

    expect(() => readConfiguration(settings)).toThrow(
      new ConfigurationError(
        [
          'USE_CONDITIONAL_WRITES must be "true" or "false", got "yes"',
          `STORES must be ${SETTINGS.stores.rule}, got "mars"`,
          'DYNAMO_SHARDS must be a whole number from 1 to 256, got "0"',
        ].join('\n'),
      ),
    );
  });

  it('refuses timeouts and a window that do not fit together with all else that is wrong', () => {
    const settings = {
      STORES: 'mars',
      API_TIMEOUT_SECONDS: '29',
      EXECUTION_TIMEOUT_SECONDS: '28',
      TASK_TIMEOUT_SECONDS: '27',
      FUNCTION_TIMEOUT_SECONDS: '6.5',
      IDEMPOTENCY_WINDOW_SECONDS: '60',
    };

    const problems: string[] = [];
    const { stores, taskTimeoutSeconds } = parseConfiguration(settings, problems);
    parseConfiguration({ TASK_TIMEOUT_SECONDS: '10', FUNCTION_TIMEOUT_SECONDS: '11' }, problems);

    expect(problems).toEqual([
      expect.stringMatching(/^STORES must be /),
      expect.stringMatching(/^FUNCTION_TIMEOUT_SECONDS must be a whole number/),
      expect.stringMatching(/^IDEMPOTENCY_WINDOW_SECONDS must be at least 116/),
      'TASK_TIMEOUT_SECONDS must be below EXECUTION_TIMEOUT_SECONDS (10), got "10"',
      'FUNCTION_TIMEOUT_SECONDS must be below TASK_TIMEOUT_SECONDS (10), got "11"',
    ]);
    expect([stores, taskTimeoutSeconds]).toEqual([undefined, 27]);
  });

  it('takes zones of one region, in their order', () => {
    const { availabilityZones } = readConfiguration({ AVAILABILITY_ZONES: 'us-gov-west-1c, us-gov-west-1a' });

    expect(availabilityZones).toEqual(['us-gov-west-1c', 'us-gov-west-1a']);
  });

  it.each([
    [{ API_TIMEOUT_SECONDS: '9' }, 'EXECUTION_TIMEOUT_SECONDS must be below API_TIMEOUT_SECONDS (9), got "10"'],
    [{ TASK_TIMEOUT_SECONDS: '10' }, 'TASK_TIMEOUT_SECONDS must be below EXECUTION_TIMEOUT_SECONDS (10), got "10"'],
    [{ FUNCTION_TIMEOUT_SECONDS: '7' }, 'FUNCTION_TIMEOUT_SECONDS must be below TASK_TIMEOUT_SECONDS (6), got "7"'],
  ])('refuses timeouts that do not nest: %j', (settings, message) => {
    expect(() => readConfiguration(settings)).toThrow(new ConfigurationError(message));
  });

  it('refuses a window of the keys that is not four times what an execution may take', () => {
    const settings = { API_TIMEOUT_SECONDS: '29', EXECUTION_TIMEOUT_SECONDS: '28' };
    const message =
      'IDEMPOTENCY_WINDOW_SECONDS must be at least 116, four times what EXECUTION_TIMEOUT_SECONDS (28) stays below, got "60"';

    expect(() => readConfiguration({ ...settings, IDEMPOTENCY_WINDOW_SECONDS: '60' })).toThrow(
      new ConfigurationError(message),
    );
    expect(readConfiguration({ ...settings, IDEMPOTENCY_WINDOW_SECONDS: '116' }).idempotencyWindowSeconds).toBe(116);
  });

  it('lets timeouts go up together', () => {
    const { apiTimeoutSeconds, functionTimeoutSeconds } = readConfiguration({
      API_TIMEOUT_SECONDS: '29',
      EXECUTION_TIMEOUT_SECONDS: '28',
      TASK_TIMEOUT_SECONDS: '27',
      FUNCTION_TIMEOUT_SECONDS: '26',
    });

    expect([apiTimeoutSeconds, functionTimeoutSeconds]).toEqual([29, 26]);
  });

  it('gives a function more time than its clients may take together', () => {
    const clientsMs = SECRET_TIMEOUT_MS + CONNECT_TIMEOUT_MS + COMMAND_TIMEOUT_MS;
    const leastSeconds = Number(/from (\d+)/.exec(SETTINGS.functionTimeoutSeconds.rule)?.[1]);

    expect(clientsMs).toBeLessThan(leastSeconds * 1000);
  });

  it('gives a task a second more than its function, of which connecting while it loads takes half at most', () => {
    expect(CONNECT_AHEAD_MS).toBeLessThanOrEqual(500);
    expect(() => readConfiguration({ TASK_TIMEOUT_SECONDS: '6', FUNCTION_TIMEOUT_SECONDS: '6' })).toThrow(
      'FUNCTION_TIMEOUT_SECONDS must be below TASK_TIMEOUT_SECONDS (6)',
    );
  });

  it('sets what the functions take for a window and a number of keys', () => {
    const bounds = (rule: string): number[] => Array.from(rule.matchAll(/\d+/g), Number);

    expect(bounds(SETTINGS.idempotencyKeysPerCounter.rule)).toEqual([1, MOST_KEYS]);
    expect(bounds(SETTINGS.idempotencyWindowSeconds.rule)[0]).toBe(LEAST_WINDOW_SECONDS);
  });

  it('keeps logs for a period that CloudWatch knows', () => {
    const known = Object.values(RetentionDays).filter(
      (days) => typeof days === 'number' && days !== RetentionDays.INFINITE,
    );

    expect(SETTINGS.logRetentionDays.rule).toBe(`one of ${known.join(', ')}`);
  });
});
