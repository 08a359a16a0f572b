import { type CostLine, line, totalOf } from './cost-line';
import type { Prices } from './prices';

/** A counter that gets new idempotency keys all the time, under the settings of its deployment. */
export interface KeyedLoad {
  readonly newKeysPerSecond: number;
  /** How long a key is kept. */
  readonly keptSeconds: number;
  /** How many keys a counter remembers at most. */
  readonly cap: number;
}

/** Bytes of an item as docs/idempotency.md has them: those of each key, and those of the rest. */
const BYTES = { dynamo: [26, 60], momento: [31, 16], tidb: [46, 40] } as const;
type SizedStore = keyof typeof BYTES;

/** Whether the store bills by the size of the item with its keys. */
export const isSized = (store: string): store is SizedStore => Object.hasOwn(BYTES, store);

/** DynamoDB and TiDB look for old keys when the counter reaches a multiple of this. */
const FORGET_EVERY = 32;

const KB = 1024;

/** How many keys are young at any time: no more than there may be. */
export function keptKeys({ newKeysPerSecond, keptSeconds, cap }: KeyedLoad): number {
  return Math.min(cap, Math.round(newKeysPerSecond * keptSeconds));
}

export function itemBytes(store: SizedStore, keys: number): number {
  const [each, rest] = BYTES[store];
  return keys * each + rest;
}

/**
 * What the store bills for an increment with a new key, by the size of the item with all keys that are kept.
 *
 * - DynamoDB: a write unit per started KB, refused writes too, a read unit per started 4 KB whatever part is asked for.
 *   Every 32nd value is a read and a write more, which forgets.
 * - Momento: six operations per started KB for the consistent read; the write sends the item that it expects, too.
 * - TiDB: on top of the increment 2 KiB of a written row for a request unit, in three replicas, and 64 KiB of a read
 *   one; every 32nd value is a read and a write more.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html,
 * https://github.com/aws-powertools/powertools-lambda-typescript/issues/1573 (refused writes),
 * https://docs.momentohq.com/cache/learn/how-it-works/read-concern,
 * https://www.pingcap.com/tidb-cloud-starter-pricing-details/
 */
export function keyedStoreCost(store: SizedStore, keys: number, prices: Prices): CostLine {
  const bytes = itemBytes(store, keys);
  switch (store) {
    case 'dynamo':
      return line(prices, 'store', {
        dynamoWrites: Math.ceil(bytes / KB) * (1 + 1 / FORGET_EVERY),
        dynamoReads: Math.ceil(bytes / (4 * KB)) / FORGET_EVERY,
      });
    case 'momento':
      return line(prices, 'store', { momentoOperations: 6 * Math.ceil(bytes / KB) + Math.ceil((2 * bytes) / KB) });
    case 'tidb': {
      const read = 1.1 + bytes / (64 * KB);
      const write = 4.1 + (3 * bytes) / (2 * KB);
      return line(prices, 'store', { tidbUnits: write + (read + write) / FORGET_EVERY });
    }
  }
}

/** What the store bills for the repetition of a key: DynamoDB and TiDB refuse the write, then read why. */
export const REPLAY: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  dynamo: { dynamoWrites: 1, dynamoReads: 1 },
  momento: { momentoOperations: 6 },
  tidb: { tidbUnits: 2.2 },
};

/** A head and a row for each load: what the store bills for a million increments with new keys of one counter. */
export function keysTable(loads: readonly KeyedLoad[], prices: Prices): string[][] {
  const cell = (store: SizedStore, keys: number): string =>
    `${(itemBytes(store, keys) / 1000).toFixed(1)} kB, $${totalOf([keyedStoreCost(store, keys, prices)]).toFixed(2)}`;
  return [
    ['new keys/s on one counter', 'kept keys', 'DynamoDB', 'Momento', 'TiDB'],
    ...loads.map((load) => {
      const keys = keptKeys(load);
      const cells = (['dynamo', 'momento', 'tidb'] as const).map((store) => cell(store, keys));
      return [String(Number(load.newKeysPerSecond.toPrecision(2))), keys.toLocaleString('en-US'), ...cells];
    }),
  ];
}
