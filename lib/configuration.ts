/** The stores, in the order that people see. */
export const STORE_NAMES = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'] as const;
export type StoreName = (typeof STORE_NAMES)[number];

export const MOMENTO_STRATEGIES = ['compare-and-set', 'set-if-not-equal'] as const;
export const EXECUTION_LOG_LEVELS = ['ALL', 'ERROR', 'FATAL', 'OFF'] as const;

/**
 * The retention periods that CloudWatch Logs accepts, in days.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** ALARM_EMAIL when alarms are not mailed. */
export const NO_EMAIL = 'none';

/** AVAILABILITY_ZONES for the region's first two zones. */
export const ANY_ZONES = 'any';

/** The configuration of a deployment. */
export interface Configuration {
  readonly stackName: string;
  readonly useConditionalWrites: boolean;
  /** Decimal digits, 1…2^53−1. */
  readonly maxCounterValue: string;
  readonly stores: readonly StoreName[];
  /** Items over which a counter in DynamoDB is striped. */
  readonly dynamoShards: number;
  readonly momentoCacheName: string;
  readonly momentoStrategy: (typeof MOMENTO_STRATEGIES)[number];
  readonly idempotencyWindowSeconds: number;
  readonly idempotencyKeysPerCounter: number;
  /** Requests per second. */
  readonly throttleRate: number;
  /** Requests. */
  readonly throttleBurst: number;
  /** Requests per day. */
  readonly quotaPerDay: number;
  readonly executionLogLevel: (typeof EXECUTION_LOG_LEVELS)[number];
  readonly metricsPerCounter: boolean;
  readonly logRetentionDays: number;
  readonly dashboard: boolean;
  readonly alarms: boolean;
  /** @see NO_EMAIL */
  readonly alarmEmail: string;
  readonly alarmLatencyMs: number;
  readonly tracing: boolean;
  readonly apiTimeoutSeconds: number;
  readonly executionTimeoutSeconds: number;
  readonly taskTimeoutSeconds: number;
  readonly functionTimeoutSeconds: number;
  readonly retainData: boolean;
  /** Names of zones; none for the region's first two. @see ANY_ZONES */
  readonly availabilityZones: readonly string[];
}

/** A setting has an invalid value. The message names the setting, the rule and the value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** One setting: the validation and the table in docs/settings.md both come from here. */
export interface Setting<T> {
  readonly name: string;
  readonly default: string;
  /** The rule, as it reads after "NAME must be". */
  readonly rule: string;
  readonly description: string;
  /** Returns the value, or undefined if the text breaks the rule. */
  parse(text: string): T | undefined;
}

const flag = (text: string): boolean | undefined => (text === 'true' ? true : text === 'false' ? false : undefined);

const oneOf =
  <T extends string>(choices: readonly T[]) =>
  (text: string): T | undefined =>
    choices.find((choice) => choice === text);

const wholeNumber =
  (most: number, least = 1) =>
  (text: string): number | undefined =>
    /^[1-9]\d{0,15}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined;

const storeList = (text: string): StoreName[] | undefined => {
  const names = text.split(',').map((name) => name.trim());
  return new Set(names).size === names.length && names.every((name) => STORE_NAMES.some((store) => store === name))
    ? STORE_NAMES.filter((store) => names.includes(store))
    : undefined;
};

const zoneList = (text: string): string[] | undefined => {
  if (text === ANY_ZONES) return [];
  const names = text.split(',').map((name) => name.trim());
  const areZones = names.every((name) => /^[a-z]{2,4}(-[a-z]+)+-\d[a-z]$/.test(name));
  const regions = new Set(names.map((name) => name.slice(0, -1)));
  return areZones && regions.size === 1 && new Set(names).size === names.length && [2, 3].includes(names.length)
    ? names
    : undefined;
};

const MAX_RATE = 1_000_000;

/** Three looks at 100 items each (docs/hot-counters.md). */
const MOST_SHARDS = 256;

/** A `TEXT` of TiDB holds 65,535 bytes, and a key takes 46. */
const MOST_KEYS_PER_COUNTER = 1000;

const seconds = (least: number, most: number): Pick<Setting<number>, 'rule' | 'parse'> => ({
  rule: `a whole number of seconds from ${least} to ${most}`,
  parse: wholeNumber(most, least),
});

/** Every setting of a deployment, by the field of {@link Configuration} that it fills. */
export const SETTINGS: { readonly [Field in keyof Configuration]: Setting<Configuration[Field]> } = {
  stackName: {
    name: 'STACK_NAME',
    default: 'AtomicCounter',
    rule: '1 to 64 letters, digits and hyphens, the first a letter',
    description:
      'The stack, and the prefix of the names of its API, state machines, logs, metrics, alarms and dashboard. Another name makes a second deployment.',
    // A state machine's name has 80 characters.
    parse: (text) => (/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(text) ? text : undefined),
  },
  useConditionalWrites: {
    name: 'USE_CONDITIONAL_WRITES',
    default: 'false',
    rule: '"true" or "false"',
    description: 'Increment only while the counter is below `MAX_COUNTER_VALUE`.',
    parse: flag,
  },
  maxCounterValue: {
    name: 'MAX_COUNTER_VALUE',
    default: '10',
    rule: 'a whole number from 1 to 9007199254740991',
    description: 'The limit of a conditional increment.',
    parse: (text) => wholeNumber(Number.MAX_SAFE_INTEGER)(text)?.toString(),
  },
  stores: {
    name: 'STORES',
    default: STORE_NAMES.join(','),
    rule: `a comma-separated list of ${STORE_NAMES.join(', ')}, each at most once`,
    description:
      'The stores to deploy. The CloudFormation template leaves out what none of them needs. Leaving out a store that is deployed deletes its counters, unless it was deployed with `RETAIN_DATA=true`.',
    parse: storeList,
  },
  dynamoShards: {
    name: 'DYNAMO_SHARDS',
    default: '1',
    rule: `a whole number from 1 to ${MOST_SHARDS}`,
    description:
      'Over how many items each counter in DynamoDB is striped, each good for 1,000 increments a second. With more than one, values are not in the order of time, `by` is 1, and this number and the limit belong to a counter from its first increment (docs/hot-counters.md).',
    parse: wholeNumber(MOST_SHARDS),
  },
  momentoCacheName: {
    name: 'MOMENTO_CACHE_NAME',
    default: 'atomic-counter',
    rule: '1 to 255 of the characters A-Z a-z 0-9 . _ -',
    description: 'The Momento cache that holds the counters.',
    parse: (text) => (/^[A-Za-z0-9._-]{1,255}$/.test(text) ? text : undefined),
  },
  momentoStrategy: {
    name: 'MOMENTO_STRATEGY',
    default: 'compare-and-set',
    rule: `one of ${MOMENTO_STRATEGIES.join(', ')}`,
    description:
      'How Momento carries out a conditional increment; `set-if-not-equal` is the textbook way that loses updates.',
    parse: oneOf(MOMENTO_STRATEGIES),
  },
  idempotencyWindowSeconds: {
    name: 'IDEMPOTENCY_WINDOW_SECONDS',
    default: '120',
    ...seconds(60, 86_400),
    description:
      'For how long, at least, an increment with an `Idempotency-Key` may be repeated and counts once. A key is kept for up to two and a half times as long.',
  },
  idempotencyKeysPerCounter: {
    name: 'IDEMPOTENCY_KEYS_PER_COUNTER',
    default: '1000',
    rule: `a whole number from 1 to ${MOST_KEYS_PER_COUNTER}`,
    description:
      'How many keys a counter holds at most. One that is full of young keys answers 503 to a new one: that bounds the rate of keyed increments of one counter (docs/idempotency.md).',
    parse: wholeNumber(MOST_KEYS_PER_COUNTER),
  },
  throttleRate: {
    name: 'THROTTLE_RATE',
    default: '1000',
    rule: `a whole number from 1 to ${MAX_RATE}`,
    description: 'Requests per second that the usage plan allows.',
    parse: wholeNumber(MAX_RATE),
  },
  throttleBurst: {
    name: 'THROTTLE_BURST',
    default: '500',
    rule: `a whole number from 1 to ${MAX_RATE}`,
    description: 'Requests that may arrive at once.',
    parse: wholeNumber(MAX_RATE),
  },
  quotaPerDay: {
    name: 'QUOTA_PER_DAY',
    default: '1000000',
    rule: 'a whole number from 1 to 2147483647',
    description: 'Requests per day and API key.',
    parse: wholeNumber(2_147_483_647),
  },
  executionLogLevel: {
    name: 'EXECUTION_LOG_LEVEL',
    default: 'ALL',
    rule: `one of ${EXECUTION_LOG_LEVELS.join(', ')}`,
    description: 'What the Express state machine logs. The metrics need `ALL`.',
    parse: oneOf(EXECUTION_LOG_LEVELS),
  },
  metricsPerCounter: {
    name: 'METRICS_PER_COUNTER',
    default: 'false',
    rule: '"true" or "false"',
    description:
      'Give the CounterValue metric a dimension per counter id. Every id is then billed as a metric of its own, and CloudWatch may disable the metric for good when an hour has 1,000 ids.',
    parse: flag,
  },
  logRetentionDays: {
    name: 'LOG_RETENTION_DAYS',
    default: '14',
    rule: `one of ${RETENTION_DAYS.join(', ')}`,
    description: 'How long every log is kept.',
    parse: (text) => RETENTION_DAYS.find((days) => String(days) === text),
  },
  dashboard: {
    name: 'DASHBOARD',
    default: 'true',
    rule: '"true" or "false"',
    description: 'Deploy the CloudWatch dashboard. Three per account are free, each further one is $3 a month.',
    parse: flag,
  },
  alarms: {
    name: 'ALARMS',
    default: 'true',
    rule: '"true" or "false"',
    description:
      'Deploy the CloudWatch alarms. Ten per account are free, more than DynamoDB alone needs; each further one is $0.10 a month.',
    parse: flag,
  },
  alarmEmail: {
    name: 'ALARM_EMAIL',
    default: NO_EMAIL,
    rule: `an e-mail address, or ${NO_EMAIL}`,
    description: 'The address that alarms are mailed to, over an encrypted topic whose key is $1 a month.',
    parse: (text) => (text === NO_EMAIL || /^[^\s@,<>"]+@[^\s@,<>"]+\.[^\s@,<>"]+$/.test(text) ? text : undefined),
  },
  alarmLatencyMs: {
    name: 'ALARM_LATENCY_MS',
    default: '2000',
    rule: 'a whole number from 50 to 29000',
    description: 'The latency alarm fires when one request in a hundred takes longer, in milliseconds.',
    parse: wholeNumber(29_000, 50),
  },
  tracing: {
    name: 'TRACING',
    default: 'false',
    rule: '"true" or "false"',
    description:
      'Trace requests with X-Ray, at $5 per million traces: one request a second and one in twenty of the others, unless the account has a sampling rule of its own.',
    parse: flag,
  },
  apiTimeoutSeconds: {
    name: 'API_TIMEOUT_SECONDS',
    default: '15',
    ...seconds(8, 29),
    description: 'After this time API Gateway answers 504, with an unknown outcome.',
  },
  executionTimeoutSeconds: {
    name: 'EXECUTION_TIMEOUT_SECONDS',
    default: '10',
    ...seconds(7, 28),
    description: 'How long an execution may take, retries included. Below `API_TIMEOUT_SECONDS`.',
  },
  taskTimeoutSeconds: {
    name: 'TASK_TIMEOUT_SECONDS',
    default: '6',
    ...seconds(6, 27),
    description: 'How long one call of a function may take. Below `EXECUTION_TIMEOUT_SECONDS`.',
  },
  functionTimeoutSeconds: {
    name: 'FUNCTION_TIMEOUT_SECONDS',
    default: '5',
    ...seconds(5, 26),
    description:
      'How long a function, or the call to DynamoDB, may take. Below `TASK_TIMEOUT_SECONDS`, and above the 4.5 seconds that the clients in the functions allow themselves.',
  },
  retainData: {
    name: 'RETAIN_DATA',
    default: 'false',
    rule: '"true" or "false"',
    description:
      'Keep the counters when the stack is removed or a store is left out of `STORES`: the DynamoDB table stays, DocumentDB and Redis leave a final snapshot. It must be deployed before that.',
    parse: flag,
  },
  availabilityZones: {
    name: 'AVAILABILITY_ZONES',
    default: ANY_ZONES,
    rule: `two or three zones of one region, as us-east-1a,us-east-1b, or ${ANY_ZONES}`,
    description:
      "The zones of the network of Redis and DocumentDB; by default the region's first two. Changing it replaces the servers.",
    parse: zoneList,
  },
};

/** What `npm start` and a deployment have where nothing is set, by the settings' names: for what is written down of them. */
export const DEFAULT_SETTINGS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(SETTINGS).map((setting) => [setting.name, setting.default]),
);

/** Each timeout is below that of its caller, so that the inner one decides how a call ends. */
const NESTED_TIMEOUTS = [
  'apiTimeoutSeconds',
  'executionTimeoutSeconds',
  'taskTimeoutSeconds',
  'functionTimeoutSeconds',
] as const;

function* timeoutProblems(configuration: Partial<Configuration>): Generator<string> {
  for (const [index, inner] of NESTED_TIMEOUTS.entries()) {
    const outer = NESTED_TIMEOUTS[index - 1];
    if (outer === undefined) continue;
    const { [inner]: time, [outer]: limit } = configuration;
    if (time === undefined || limit === undefined || time < limit) continue;
    yield `${SETTINGS[inner].name} must be below ${SETTINGS[outer].name} (${limit}), got "${time}"`;
  }
}

/**
 * A write may be as late as its execution lets it, which has to be less than what the protocols of the keys allow for: a
 * quarter of the window (docs/idempotency.md).
 */
function* windowProblems({
  idempotencyWindowSeconds: window,
  executionTimeoutSeconds: timeout,
}: Partial<Configuration>): Generator<string> {
  if (window === undefined || timeout === undefined) return;
  const least = 4 * (timeout + 1);
  if (window >= least) return;
  const { name } = SETTINGS.idempotencyWindowSeconds;
  yield `${name} must be at least ${least}, four times what ${SETTINGS.executionTimeoutSeconds.name} (${timeout}) stays below, got "${window}"`;
}

/** Reads one setting; an empty text counts as unset. @returns undefined when it breaks its rule, which `problems` gets */
function parseSetting<T>(setting: Setting<T>, environment: NodeJS.ProcessEnv, problems: string[]): T | undefined {
  const text = environment[setting.name]?.trim() || setting.default;
  const value = setting.parse(text);
  if (value === undefined) problems.push(`${setting.name} must be ${setting.rule}, got "${text}"`);
  return value;
}

/**
 * Reads the configuration of a deployment as far as it can be read.
 *
 * @param environment the settings by name, as from `readEnvironment`
 * @param problems gets a line for each setting that breaks its rule, each timeout that isn't below the next, and a window
 *   of the keys that is too short for an execution. Where it gets none, the configuration is whole
 */
export function parseConfiguration(environment: NodeJS.ProcessEnv, problems: string[]): Partial<Configuration> {
  const fields = Object.entries(SETTINGS) as [keyof Configuration, Setting<unknown>][];
  const configuration: Partial<Configuration> = Object.fromEntries(
    fields.map(([field, setting]) => [field, parseSetting(setting, environment, problems)]),
  );
  problems.push(...timeoutProblems(configuration), ...windowProblems(configuration));
  return configuration;
}

/**
 * Reads the configuration of a deployment.
 *
 * @throws ConfigurationError with all lines of {@link parseConfiguration}
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const problems: string[] = [];
  const configuration = parseConfiguration(environment, problems);
  refuse(problems);
  return configuration as Configuration;
}

/** @throws ConfigurationError when there are problems, with a line for each */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
}
