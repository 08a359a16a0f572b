import { parseArgs } from 'node:util';
import { AWS_ITEM_LIMIT, type Mode } from '../../compare/report';
import { STORE_NAMES, type StoreName } from '../../lib/configuration';

/** Where a report goes that may not take the place of another. */
export const DEFAULT_OUTPUT = 'comparison';

export interface CompareOptions {
  readonly stores: readonly StoreName[];
  readonly modes: readonly Mode[];
  /** Callers of the closed loops. */
  readonly concurrency: readonly number[];
  /** Calls per second of the open loops. */
  readonly rates: readonly number[];
  /** How many counters the calls are spread over; 1 is the hot counter. */
  readonly counters: readonly number[];
  /** Of one round, without its warm-up. */
  readonly durationMs: number;
  readonly rounds: number;
  /** Added between a function and its store, each way. */
  readonly latencyMs: number;
  /** Whether the stores' functions are measured without the workflow too. */
  readonly direct: boolean;
  /** The latency within which the highest rate is searched. @default - it isn't */
  readonly slo?: { readonly percentile: number; readonly latencyMs: number };
  /** DynamoDB's counters over numbers of shards, instead of all else. @default - not measured */
  readonly shards?: ShardOptions;
  /** The folder for the report. */
  readonly output: string;
  /** The JSON of an earlier comparison. */
  readonly baseline?: string;
  /** The JSON of a comparison whose report is written again; nothing is measured then. */
  readonly render?: string;
  /** What is measured instead of this machine's own systems. */
  readonly remote?: Remote;
}

export interface ShardOptions {
  readonly counts: readonly number[];
  /** Writes a second that each item has. @default - as many as this machine takes */
  readonly itemLimit?: number;
}

export type Remote =
  | { readonly kind: 'api'; readonly url: string; readonly apiKey: string }
  | { readonly kind: 'state-machine'; readonly arn: string; readonly region: string };

/** What is more isn't deployed either. */
const MOST_SHARDS = 256;

/**
 * A shard is made by three writes of its item, for which calls compete: of fewer a second each call would get one, and none of
 * them all. 1,000 are far from that.
 */
export const LEAST_ITEM_LIMIT = 2;

const WITH_SHARDS = ['shards', 'item-limit', 'duration', 'rounds', 'output'];

const MODES: readonly Mode[] = ['unconditional', 'conditional'];

export const USAGE = `npm run compare [-- OPTION…]: measures the counter on each store, and judges every cell exact or not

  --stores dynamo,redis,…   default: the stores of the settings
  --modes MODE,…            ${MODES.join(',')} (default both)
  --concurrency N,…         callers of the closed loops (default 1,8,32)
  --rate N,…                calls a second of the open loops (default 100)
  --counters N,…            how many counters the calls are spread over (default 1,100);
                            the most of them with idempotency keys too
  --duration TIME           of a round, such as 500ms or 2s (default 1s)
  --rounds N                interleaved rounds of each cell (default 5)
  --latency TIME            added between function and store, each way, such as 2ms (default 0ms)
  --direct                  also the functions and DynamoDB's state alone
  --shards 1,4,16,64        one DynamoDB counter over so many items, each with a limit of writes, instead of all
                            else; goes with --duration (default 8s), --rounds (default 3) and --output
  --item-limit N            writes a second of an item, 1000 on AWS (default: what this machine takes)
  --slo p99=50ms            search for the highest rate that each store holds within it
  --output DIR              where the report goes (default comparison)
  --baseline FILE           say what changed since a comparison.json
  --render FILE             measure nothing: write the report of a comparison.json again
  --url URL --api-key KEY   measure a deployed stack, in its mode
  --state-machine-arn ARN   measure a deployed state machine, in both modes (StartSyncExecution)`;

/**
 * Reads the command's arguments.
 *
 * @param deployed the stores of the settings
 * @param problems gets a line for each argument that can't be used
 * @returns undefined where only the usage is asked for
 * @throws Error for an argument that is unknown
 */
export function parseOptions(
  args: readonly string[],
  deployed: readonly StoreName[],
  problems: string[],
): CompareOptions | undefined {
  const { values, tokens } = parseArgs({
    args: [...args],
    tokens: true,
    options: {
      stores: { type: 'string', default: deployed.join(',') },
      modes: { type: 'string', default: MODES.join(',') },
      concurrency: { type: 'string', default: '1,8,32' },
      rate: { type: 'string', default: '100' },
      counters: { type: 'string', default: '1,100' },
      duration: { type: 'string' },
      rounds: { type: 'string' },
      latency: { type: 'string', default: '0ms' },
      direct: { type: 'boolean', default: false },
      shards: { type: 'string' },
      'item-limit': { type: 'string' },
      slo: { type: 'string' },
      output: { type: 'string', default: DEFAULT_OUTPUT },
      baseline: { type: 'string' },
      render: { type: 'string' },
      url: { type: 'string' },
      'api-key': { type: 'string' },
      'state-machine-arn': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;

  const read = <T>(name: string, text: string, parse: (text: string) => T | undefined, rule: string): T => {
    const value = parse(text);
    if (value === undefined) problems.push(`--${name} must be ${rule}, got "${text}"`);
    return value as T;
  };
  const numbers = (name: string, text: string, most: number): number[] =>
    read(name, text, (list) => wholeNumbers(list, most), `whole numbers from 1 to ${most}, with commas between them`);

  const { slo, shards, 'item-limit': itemLimit } = values;
  const { duration = shards === undefined ? '1s' : '8s', rounds = shards === undefined ? '5' : '3' } = values;
  const options: CompareOptions = {
    stores: read('stores', values.stores, (list) => oneOf(list, STORE_NAMES), `among ${STORE_NAMES.join(', ')}`),
    modes: read('modes', values.modes, (list) => oneOf(list, MODES), `among ${MODES.join(', ')}`),
    concurrency: numbers('concurrency', values.concurrency, 1024),
    rates: numbers('rate', values.rate, 100_000),
    counters: numbers('counters', values.counters, 100_000),
    durationMs: read('duration', duration, positiveTime, 'a time such as 500ms or 2s'),
    rounds: read('rounds', rounds, (text) => onlyOne(wholeNumbers(text, 1000)), 'a whole number from 1 to 1000'),
    latencyMs: read('latency', values.latency, time, 'a time such as 2ms'),
    direct: values.direct,
    ...(slo !== undefined && { slo: read('slo', slo, objective, 'a percentile and a time such as p99=50ms') }),
    ...(shards !== undefined && {
      shards: {
        counts: numbers('shards', shards, MOST_SHARDS),
        ...(itemLimit !== undefined && {
          itemLimit: read(
            'item-limit',
            itemLimit,
            (text) => onlyOne(wholeNumbers(text, AWS_ITEM_LIMIT)?.filter((limit) => limit >= LEAST_ITEM_LIMIT)),
            `a whole number from ${LEAST_ITEM_LIMIT} to ${AWS_ITEM_LIMIT}`,
          ),
        }),
      },
    }),
    output: values.output,
    ...(values.baseline !== undefined && { baseline: values.baseline }),
    ...(values.render !== undefined && { render: values.render }),
    ...remoteOf(values, problems),
  };
  if (options.remote) {
    if (options.direct) problems.push("--direct measures this machine's functions: leave it out with a deployed stack");
    if (options.latencyMs > 0) problems.push('--latency is added on this machine: leave it out with a deployed stack');
  }
  if (itemLimit !== undefined && shards === undefined) problems.push('--item-limit goes with --shards');
  if (shards !== undefined) {
    const others = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const senseless = [...new Set(others)].filter((name) => !WITH_SHARDS.includes(name)).map((name) => `--${name}`);
    if (senseless.length > 0) {
      problems.push(`--shards measures DynamoDB's counters on this machine alone: leave out ${senseless.join(', ')}`);
    }
  }
  return options;
}

function remoteOf(
  values: { readonly url?: string; readonly 'api-key'?: string; readonly 'state-machine-arn'?: string },
  problems: string[],
): { remote?: Remote } {
  const { url, 'api-key': apiKey, 'state-machine-arn': arn } = values;
  if (url !== undefined && arn !== undefined) problems.push('--url and --state-machine-arn exclude each other');
  if (apiKey !== undefined && url === undefined) problems.push('--api-key goes with --url');
  if (url !== undefined) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      problems.push(`--url must be the stack's ApiUrl, such as https://….amazonaws.com/prod, got "${url}"`);
    }
    if (apiKey === undefined) problems.push("--url needs --api-key: the stack's output ApiKeyCommand prints it");
    return { remote: { kind: 'api', url: url.replace(/\/$/, ''), apiKey: apiKey ?? '' } };
  }
  if (arn !== undefined) {
    const [, region] = /^arn:aws[a-z-]*:states:([a-z0-9-]+):\d{12}:stateMachine:[^:]+$/.exec(arn) ?? [];
    if (region === undefined) {
      problems.push(`--state-machine-arn must be the stack's output IncrementStateMachineArn, got "${arn}"`);
    }
    return { remote: { kind: 'state-machine', arn, region: region ?? '' } };
  }
  return {};
}

function oneOf<T extends string>(list: string, names: readonly T[]): readonly T[] | undefined {
  const chosen = list.split(',').map((name) => name.trim());
  return chosen.every((name) => names.some((known) => known === name))
    ? names.filter((name) => chosen.includes(name))
    : undefined;
}

function wholeNumbers(list: string, most: number): number[] | undefined {
  const numbers = list.split(',').map((text) => (/^\s*[1-9]\d*\s*$/.test(text) ? Number(text) : NaN));
  if (!numbers.every((number) => number <= most)) return undefined;
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function onlyOne<T>(list: readonly T[] | undefined): T | undefined {
  return list?.length === 1 ? list[0] : undefined;
}

const UNITS = { ms: 1, s: 1000, m: 60_000 };

/** A time in milliseconds. */
function time(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
}

function positiveTime(text: string): number | undefined {
  return time(text) || undefined;
}

function objective(text: string): { percentile: number; latencyMs: number } | undefined {
  const [, percentile = '', limit = ''] = /^p(\d{1,2}(?:\.\d+)?)=(.+)$/.exec(text) ?? [];
  const latencyMs = positiveTime(limit);
  return latencyMs === undefined || Number(percentile) <= 0 ? undefined : { percentile: Number(percentile), latencyMs };
}
