import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'dotenv';

/** The stores, in the order in which people meet them. */
export const STORE_NAMES = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'] as const;
export type StoreName = (typeof STORE_NAMES)[number];

export const MOMENTO_STRATEGIES = ['compare-and-set', 'set-if-not-equal'] as const;
export const EXECUTION_LOG_LEVELS = ['ALL', 'ERROR', 'FATAL', 'OFF'] as const;

/** What a deployment is made from. */
export interface Configuration {
  readonly useConditionalWrites: boolean;
  /** Decimal digits, 1…2^53−1. */
  readonly maxCounterValue: string;
  readonly stores: readonly StoreName[];
  readonly momentoCacheName: string;
  readonly momentoStrategy: (typeof MOMENTO_STRATEGIES)[number];
  /** Requests per second. */
  readonly throttleRate: number;
  /** Requests. */
  readonly throttleBurst: number;
  /** Requests per day. */
  readonly quotaPerDay: number;
  readonly executionLogLevel: (typeof EXECUTION_LOG_LEVELS)[number];
  readonly metricsPerCounter: boolean;
}

/** A setting has a value that can't be used. The message names the setting, the rule and the value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** One setting: the checks and the README's table both come from here. */
export interface Setting<T> {
  readonly name: string;
  readonly default: string;
  /** The rule, as it reads after "NAME must be". */
  readonly rule: string;
  readonly description: string;
  /** Gives the value, or undefined where the text breaks the rule. */
  parse(text: string): T | undefined;
}

const flag = (text: string): boolean | undefined => (text === 'true' ? true : text === 'false' ? false : undefined);

const oneOf =
  <T extends string>(choices: readonly T[]) =>
  (text: string): T | undefined =>
    choices.find((choice) => choice === text);

const wholeNumber =
  (most: number) =>
  (text: string): number | undefined =>
    /^[1-9]\d{0,15}$/.test(text) && Number(text) <= most ? Number(text) : undefined;

const storeList = (text: string): StoreName[] | undefined => {
  const names = text.split(',').map((name) => name.trim());
  return new Set(names).size === names.length && names.every((name) => STORE_NAMES.some((store) => store === name))
    ? STORE_NAMES.filter((store) => names.includes(store))
    : undefined;
};

const MAX_RATE = 1_000_000;

/** Every setting of a deployment, by the field of {@link Configuration} that it fills. */
export const SETTINGS: { readonly [Field in keyof Configuration]: Setting<Configuration[Field]> } = {
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
    description: 'The stores to deploy. What none of them needs is left out of the template.',
    parse: storeList,
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
      'How a conditional increment is made on Momento; `set-if-not-equal` is the textbook way that loses updates.',
    parse: oneOf(MOMENTO_STRATEGIES),
  },
  throttleRate: {
    name: 'THROTTLE_RATE',
    default: '1000',
    rule: `a whole number from 1 to ${MAX_RATE}`,
    description: 'Requests per second that the usage plan lets through.',
    parse: wholeNumber(MAX_RATE),
  },
  throttleBurst: {
    name: 'THROTTLE_BURST',
    default: '500',
    rule: `a whole number from 1 to ${MAX_RATE}`,
    description: 'Requests that may come at once.',
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
      'Give the CounterValue metric a dimension per counter id. Every id is then billed as a metric of its own.',
    parse: flag,
  },
};

/**
 * Reads one setting; an empty text counts as unset.
 *
 * @throws ConfigurationError when the text breaks the setting's rule
 */
export function readSetting<T>(setting: Setting<T>, environment: NodeJS.ProcessEnv): T {
  const text = environment[setting.name]?.trim() || setting.default;
  const value = setting.parse(text);
  if (value === undefined) throw new ConfigurationError(`${setting.name} must be ${setting.rule}, got "${text}"`);
  return value;
}

/**
 * Reads the configuration of a deployment.
 *
 * @param environment the settings by name, as from {@link readEnvironment}
 * @throws ConfigurationError for the first setting that breaks its rule
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const fields = Object.entries(SETTINGS) as [keyof Configuration, Setting<unknown>][];
  return Object.fromEntries(
    fields.map(([field, setting]) => [field, readSetting(setting, environment)]),
  ) as unknown as Configuration;
}

/** The process's environment, over what the `.env` of `folder` says, where there is one. */
export function readEnvironment(folder: string): NodeJS.ProcessEnv {
  const file = path.join(folder, '.env');
  return { ...(existsSync(file) ? parse(readFileSync(file)) : {}), ...process.env };
}
