import type { EmbeddedStore, EmbeddedStoreOptions } from 'template-runtime/worker';
import { type DynamoRefusal, startDynamo } from 'template-runtime/dynamodb';
import { type TokenBuckets, tokenBuckets } from './token-buckets';

export interface LimitedDynamoOptions extends EmbeddedStoreOptions {
  /** Write units a second of each item. @default - no limit */
  readonly writesPerSecond?: number;
  /** As of {@link tokenBuckets}. */
  readonly now?: () => number;
}

/**
 * The embedded DynamoDB, which throttles the writes of each item as DynamoDB does those of a partition. On AWS a second has
 * 1,000 write units, and refused conditional writes cost theirs; a throttled one costs nothing. An unused second is kept, not
 * the 300 of burst capacity, which is best effort. Reads are let through.
 *
 * Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
 */
export function startLimitedDynamo({
  writesPerSecond,
  now,
  ...options
}: LimitedDynamoOptions = {}): Promise<EmbeddedStore> {
  if (writesPerSecond === undefined) return startDynamo(options);
  const buckets = tokenBuckets({ perSecond: writesPerSecond, ...(now && { now }) });
  return startDynamo({ ...options, refuse: (operation, body) => refusalOf(buckets, operation, body) });
}

/** Writes of one item, by the field that its key is in. The table has no sort key, so a key is an item. */
const KEY_FIELDS: Readonly<Record<string, string>> = { UpdateItem: 'Key', DeleteItem: 'Key', PutItem: 'Item' };

/** Writes of several items, which nothing here makes: uncounted they would pass the limit. */
const UNCOUNTED = ['BatchWriteItem', 'TransactWriteItems'];

function refusalOf(buckets: TokenBuckets, operation: string, body: string): DynamoRefusal | undefined {
  if (UNCOUNTED.includes(operation)) {
    return { type: 'com.amazon.coral.validate#ValidationException', message: `${operation} isn't counted here` };
  }
  const field = KEY_FIELDS[operation];
  if (field === undefined) return undefined;
  const { TableName: table, [field]: key } = JSON.parse(body) as Record<string, { readonly id?: unknown }>;
  return buckets.take(JSON.stringify([table, key?.id])) ? undefined : HOT_KEY;
}

/**
 * What an on-demand table says to a hot key, with status 400.
 *
 * Sources: https://github.com/aws/aws-sdk-java/issues/2222 (text, status and code),
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-key-range-limit-exceeded-mitigation.html (reason)
 */
const HOT_KEY: DynamoRefusal = {
  type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException',
  message:
    'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index ' +
    'so please try again shortly. If exceptions persist, check if you have a hot key: ' +
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
  fields: { ThrottlingReasons: [{ reason: 'TableWriteKeyRangeThroughputExceeded' }] },
};
