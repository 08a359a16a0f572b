import { ConfigurationError, readConfiguration, SETTINGS } from '../../lib/configuration';

describe('readConfiguration', () => {
  it('deploys all stores, unconditional, where nothing is set', () => {
    const configuration = readConfiguration({});

    expect(configuration).toEqual({
      useConditionalWrites: false,
      maxCounterValue: '10',
      stores: ['dynamo', 'redis', 'momento', 'docdb', 'tidb'],
      momentoCacheName: 'atomic-counter',
      momentoStrategy: 'compare-and-set',
      throttleRate: 1000,
      throttleBurst: 500,
      quotaPerDay: 1_000_000,
      executionLogLevel: 'ALL',
      metricsPerCounter: false,
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
    ['MOMENTO_CACHE_NAME', 'a b'],
    ['MOMENTO_STRATEGY', 'hope'],
    ['THROTTLE_RATE', '0'],
    ['THROTTLE_BURST', 'many'],
    ['QUOTA_PER_DAY', '2147483648'],
    ['EXECUTION_LOG_LEVEL', 'all'],
    ['METRICS_PER_COUNTER', '1'],
  ])('refuses %s=%s in one line with the name, the rule and the value', (name, text) => {
    const { rule } = Object.values(SETTINGS).find((setting) => setting.name === name) ?? { rule: '' };

    expect(() => readConfiguration({ [name]: text })).toThrow(
      new ConfigurationError(`${name} must be ${rule}, got "${text}"`),
    );
  });
});
