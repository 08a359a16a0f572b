import { documentOf, isHistogram, jsonText, machineCheck, verdictCheck } from '../json';
import { amount, count, date, fields, list, map, natural, optional, oneOf, positive, such, text } from '../shape';
import {
  type RequestCounts,
  type SellingOut,
  type ShardCell,
  type ShardComparison,
  type ShardPrices,
  type ShardRound,
  SHARDS_SCHEMA_VERSION,
  type SteadyPhase,
  type Window,
} from './document';

const window = fields<Window>({
  ms: amount,
  incremented: count,
  limitReached: count,
  notApplied: count,
  requests: fields<RequestCounts>({
    written: count,
    refused: count,
    throttled: count,
    reads: count,
    readUnits: amount,
  }),
});

const phase = { durationMs: amount, verdict: verdictCheck, invalid: optional(text) };

const comparison = fields<ShardComparison>({
  schemaVersion: such(String(SHARDS_SCHEMA_VERSION), (value) => value === SHARDS_SCHEMA_VERSION),
  kind: oneOf<'shards'>('shards'),
  command: text,
  startedAt: date,
  finishedAt: date,
  partial: optional(text),
  machine: machineCheck,
  versions: map(text),
  itemLimitPerSecond: positive,
  offered: positive,
  ceilingPerSecond: amount,
  prices: fields<ShardPrices>({ date: text, region: text, calls: amount, writeUnits: amount, readUnits: amount }),
  cells: list(
    fields<ShardCell>({
      shards: natural,
      rounds: list(
        fields<ShardRound>({
          steady: fields<SteadyPhase>({
            ...phase,
            window,
            histogram: such('an HdrHistogram, V2 compressed, in base64', isHistogram),
          }),
          sellingOut: fields<SellingOut>({
            ...phase,
            limit: natural,
            prepared: count,
            soldOutMs: amount,
            tail: window,
            after: window,
            markedMs: amount,
          }),
        }),
      ),
    }),
  ),
});

/**
 * A comparison of shards as the text of its file.
 *
 * @throws InvalidComparisonError when it couldn't be read again
 */
export function shardsJson(measured: ShardComparison): string {
  return jsonText(measured, (json) => parseShards(json, 'the comparison'));
}

/**
 * Reads the text of its file.
 *
 * @param file named in errors
 * @throws InvalidComparisonError naming the first field that is wrong and what it must be, or both schema versions
 */
export function parseShards(json: string, file: string): ShardComparison {
  return documentOf(json, file, SHARDS_SCHEMA_VERSION, comparison);
}

/** Whether a text is of this kind; what else it is, or that it is nothing, its own reader tells. */
export function isOfShards(json: string): boolean {
  try {
    return (JSON.parse(json) as { readonly kind?: unknown } | null)?.kind === 'shards';
  } catch {
    return false;
  }
}
