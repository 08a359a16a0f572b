import type { Rule } from '../exactness';
import type {
  Cell,
  Ceiling,
  ColdStart,
  Comparison,
  Load,
  Machine,
  MeasuredServer,
  Mode,
  Outcomes,
  Repetitions,
  Round,
  RoundVerdict,
  Slo,
  Probe,
  SloResult,
  StoreCost,
} from './comparison';
import { SCHEMA_VERSION } from './comparison';
import { decodeHistogram } from './histogram';
import {
  amount,
  byKind,
  type Check,
  count,
  date,
  fields,
  flag,
  list,
  map,
  natural,
  oneOf,
  optional,
  positive,
  such,
  text,
} from './shape';

/** A file that isn't a comparison: says which field, and what it must be. */
export class InvalidComparisonError extends Error {
  override readonly name = 'InvalidComparisonError';
}

const mode = oneOf<Mode>('unconditional', 'conditional');
const ruleName = oneOf<Rule>('distinct', 'order', 'gap', 'limit', 'refusal', 'read', 'replay');

/** The checker's verdict. */
export const verdictCheck = fields<RoundVerdict>({
  isExact: flag,
  counts: fields<RoundVerdict['counts']>({
    attempted: count,
    counted: count,
    replayed: optional(count),
    refused: count,
    notApplied: count,
    unknown: count,
    reads: count,
  }),
  broken: map(count),
  violations: list(fields<RoundVerdict['violations'][number]>({ rule: ruleName, message: text })),
});

export const machineCheck = fields<Machine>({
  cpu: text,
  cores: natural,
  memoryBytes: positive,
  os: text,
  node: text,
});

const round = fields<Round>({
  durationMs: amount,
  outcomes: fields<Outcomes>({
    incremented: count,
    limitReached: count,
    notApplied: count,
    unknown: count,
    throttled: count,
    failed: count,
  }),
  sentLateMs: optional(amount),
  histogram: such('an HdrHistogram, V2 compressed, in base64', isHistogram),
  verdict: verdictCheck,
  invalid: optional(text),
});

const comparison: Check<Comparison> = fields<Comparison>({
  schemaVersion: such(String(SCHEMA_VERSION), (value) => value === SCHEMA_VERSION),
  command: text,
  startedAt: date,
  finishedAt: date,
  partial: optional(text),
  machine: machineCheck,
  versions: map(text),
  servers: map(
    fields<MeasuredServer>({
      name: text,
      kind: oneOf<MeasuredServer['kind']>('stand-in', 'emulator', 'server', 'aws'),
    }),
  ),
  addedLatencyMs: amount,
  ceilings: list(fields<Ceiling>({ concurrency: natural, callsPerSecond: positive })),
  cells: list(
    fields<Cell>({
      store: text,
      mode,
      path: oneOf<Cell['path']>('api', 'state-machine', 'direct'),
      strategy: optional(text),
      load: byKind<Load>({
        closed: fields<Extract<Load, { kind: 'closed' }>>({ kind: oneOf('closed'), concurrency: natural }),
        open: fields<Extract<Load, { kind: 'open' }>>({ kind: oneOf('open'), ratePerSecond: positive }),
      }),
      counters: natural,
      limit: optional(natural),
      by: natural,
      shards: natural,
      keyed: flag,
      rounds: list(round),
      repetitions: optional(fields<Repetitions>({ calls: natural, conflicts: count, retries: count })),
    }),
  ),
  slo: optional(
    fields<Slo>({
      percentile: such('a number above 0 and below 100', (value) => Number(value) > 0 && Number(value) < 100),
      latencyMs: positive,
      results: list(
        fields<SloResult>({
          store: text,
          mode,
          counters: natural,
          ratePerSecond: amount,
          failedAtRate: optional(positive),
          probes: list(fields<Probe>({ ratePerSecond: positive, latencyMs: optional(amount), held: flag })),
        }),
      ),
    }),
  ),
  coldStarts: list(fields<ColdStart>({ store: text, firstCallMs: amount, secondCallMs: amount })),
  costs: list(fields<StoreCost>({ store: text, mode, keyed: optional(flag), usdPerMillion: amount })),
});

export function isHistogram(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    decodeHistogram(value);
    return true;
  } catch {
    return false; // not base64, not compressed, or of another version
  }
}

/**
 * A comparison as the text of its file.
 *
 * @throws InvalidComparisonError when it couldn't be read again, such as for a number that JSON has no word for
 */
export function comparisonJson(measured: Comparison): string {
  return jsonText(measured, (json) => parseComparison(json, 'the comparison'));
}

/** The text of a document. @param parse throws where it couldn't be read again */
export function jsonText(document: object, parse: (json: string) => unknown): string {
  const json = `${JSON.stringify(document, null, 2)}\n`;
  parse(json);
  return json;
}

/**
 * Reads the text of a comparison's file.
 *
 * @param file named in errors
 * @throws InvalidComparisonError naming the first field that is wrong and what it must be, or both schema versions
 */
export function parseComparison(json: string, file: string): Comparison {
  const read = documentOf(json, file, SCHEMA_VERSION, comparison);
  refuseUnknownStores(read, file);
  return read;
}

/**
 * A document of a schema's version.
 *
 * @throws InvalidComparisonError naming the first field that is wrong and what it must be, or both versions
 */
export function documentOf<T>(json: string, file: string, version: number, check: Check<T>): T {
  const value = parsed(json, file);
  refuseOtherVersion(value, file, version);
  check(value, '', (at, must, found) => {
    throw new InvalidComparisonError(`${file}: ${at || 'the document'} must be ${must}, got ${shown(found)}`);
  });
  return value as T;
}

function parsed(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new InvalidComparisonError(`${file} isn't JSON, or is cut off: measure again with npm run compare`, {
      cause: error,
    });
  }
}

function refuseOtherVersion(value: unknown, file: string, own: number): void {
  const version: unknown = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version === own) return;
  if (typeof version !== 'number') {
    throw new InvalidComparisonError(
      `${file}: schemaVersion must be ${own}, got ${shown(version)}: is it a file of npm run compare?`,
    );
  }
  throw new InvalidComparisonError(
    `${file} has schemaVersion ${version}, and this release reads ${own}: ` +
      'read it with the release that wrote it, or measure again with npm run compare',
  );
}

/** A number without the server that it was measured on says nothing. */
function refuseUnknownStores({ servers, cells }: Comparison, file: string): void {
  const index = cells.findIndex(({ store }) => !Object.hasOwn(servers, store));
  if (index === -1) return;
  throw new InvalidComparisonError(
    `${file}: cells[${index}].store must be a name in servers (${Object.keys(servers).join(', ')}), ` +
      `got ${shown(cells[index]?.store)}`,
  );
}

const LONGEST_SHOWN = 60;

function shown(value: unknown): string {
  const json = value === undefined ? 'nothing' : JSON.stringify(value);
  return json.length > LONGEST_SHOWN ? `${json.slice(0, LONGEST_SHOWN)}…` : json;
}
