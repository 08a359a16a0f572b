import type { FaultName } from '../../test/functions/fault-matrix';
import type { StoreName } from '../../test/functions/stores-under-fault';

/** DynamoDB with striped counters, as the fault matrix calls it. */
export const SHARDS = 'dynamo over 4 shards';

/** One mistake, planted as a change of the sources. */
export interface Mistake {
  /** What of the fault matrix shows it. */
  readonly store: StoreName | typeof SHARDS;
  /** What the code then does. */
  readonly mistake: string;
  readonly file: string;
  /** A text that is in the file once: the replacement comes after it. @default - the start of the file */
  readonly after?: string;
  /** Is in the file once, or the first occurrence after `after`. */
  readonly find: string;
  readonly replace: string;
}

/** A mistake that the fault matrix detects. */
export interface Mutant extends Mistake {
  readonly kind: 'wrong class' | 'early refusal' | 'over the limit' | 'double count' | 'wrong value';
  /** The fault under which it shows. */
  readonly fault: FaultName;
}

const LOST_ANSWER: FaultName = 'cut after the write, before its answer';
/** Every fault reaches the limit, soonest one that loses no calls. */
const HARMLESS: FaultName = 'delay of 10 ms';

/** The state that increments without a limit, and the one with a limit. */
const UNCONDITIONAL = '"Increment in DynamoDB": {';
const CONDITIONAL = '"Increment in DynamoDB below the limit": {';
const SHARDED = '"Increment a shard in DynamoDB": {';
const MACHINE = 'state-machines/increment.asl.json';

/** At least one of each kind for each store: a wrong error class, an early refusal, an increment over the limit, a double count. */
export const MUTANTS: readonly Mutant[] = [
  {
    store: 'dynamo',
    kind: 'wrong class',
    mistake: 'calls a lost answer not applied',
    file: MACHINE,
    find: '/connection refused',
    replace: '/connection re(?:fused|set)',
    fault: LOST_ANSWER,
  },
  {
    store: 'dynamo',
    kind: 'double count',
    mistake: 'repeats after a lost answer',
    file: MACHINE,
    after: UNCONDITIONAL,
    find: '"Next": "Incremented in DynamoDB"',
    replace: '"Retry": [{ "ErrorEquals": ["DynamoDb.SdkClientException"] }], "Next": "Incremented in DynamoDB"',
    fault: LOST_ANSWER,
  },
  {
    store: 'dynamo',
    kind: 'early refusal',
    mistake: 'refuses one below the limit',
    file: MACHINE,
    after: CONDITIONAL,
    find: '"N": "{% $states.input.max %}"',
    replace: '"N": "{% $string($number($states.input.max) - 1) %}"',
    fault: HARMLESS,
  },
  {
    store: 'dynamo',
    kind: 'double count',
    mistake: 'adds two',
    file: MACHINE,
    after: UNCONDITIONAL,
    find: '"N": "1"',
    replace: '"N": "2"',
    fault: HARMLESS,
  },
  {
    store: 'redis',
    kind: 'wrong class',
    mistake: 'calls a lost answer not applied',
    file: 'functions/redis/errors.ts',
    find: 'redisErrors.unanswered(operation',
    replace: 'redisErrors.closedUnsent(operation',
    fault: LOST_ANSWER,
  },
  {
    store: 'redis',
    kind: 'early refusal',
    mistake: 'refuses five below the limit',
    file: 'functions/redis/scripts.ts',
    find: '> tonumber(ARGV[1])',
    replace: '> tonumber(ARGV[1]) - 5',
    fault: HARMLESS,
  },
  {
    store: 'redis',
    kind: 'early refusal',
    mistake: 'refuses one early and returns the limit',
    file: 'functions/redis/store.ts',
    find: 'incrementBelow(redis, keyOf(id), Number(max ?? MAX_COUNTER), by)',
    replace: 'incrementBelow(redis, keyOf(id), Math.max(Number(max ?? MAX_COUNTER) - 1, by), by)',
    fault: HARMLESS,
  },
  {
    store: 'redis',
    kind: 'double count',
    mistake: 'repeats after a lost answer',
    file: 'functions/redis/store.ts',
    find: 'if (isConnectionLost(error)) client.retire(redis);',
    replace: `if (isConnectionLost(error)) {
          client.retire(redis);
          return await client.use(command).catch((again) => {
            throw translateRedisError(again, operation);
          });
        }`,
    fault: LOST_ANSWER,
  },
  {
    store: 'momento',
    kind: 'wrong class',
    mistake: 'calls a lost answer not applied',
    file: 'functions/momento/errors.ts',
    find: 'momentoErrors.unanswered(operation',
    replace: 'momentoErrors.closedUnsent(operation',
    fault: LOST_ANSWER,
  },
  {
    store: 'momento',
    kind: 'early refusal',
    mistake: 'refuses one below the limit',
    file: 'functions/momento/strategies.ts',
    find: 'hasRoom(found.counter, by, max)',
    replace: 'hasRoom(found.counter, by, max - 1)',
    fault: HARMLESS,
  },
  {
    store: 'momento',
    kind: 'double count',
    mistake: 'lets the SDK repeat after a lost answer',
    file: 'functions/momento/client.ts',
    find: 'determineWhenToRetryRequest: () => null',
    replace: 'determineWhenToRetryRequest: ({ attemptNumber }) => (attemptNumber < 3 ? 1 : null)',
    fault: LOST_ANSWER,
  },
  {
    store: 'momento',
    kind: 'wrong value',
    mistake: 'sets whatever has come in between',
    file: 'functions/momento/store.ts',
    find: "strategy = 'compare-and-set'",
    replace: "strategy = 'set-if-not-equal'",
    fault: HARMLESS,
  },
  {
    store: 'docdb',
    kind: 'wrong class',
    mistake: 'calls a lost answer not applied',
    file: 'functions/docdb/errors.ts',
    find: 'docdbErrors.unanswered(operation',
    replace: 'docdbErrors.closedUnsent(operation',
    fault: LOST_ANSWER,
  },
  {
    store: 'docdb',
    kind: 'early refusal',
    mistake: 'refuses one below the limit',
    file: 'functions/docdb/store.ts',
    find: 'max: Number(max) }',
    replace: 'max: Math.max(Number(max) - 1, by) }',
    fault: HARMLESS,
  },
  {
    store: 'docdb',
    kind: 'double count',
    mistake: 'adds two',
    file: 'functions/docdb/increment.ts',
    find: '$inc: { atomic_counter: Long.fromNumber(by) }',
    replace: '$inc: { atomic_counter: Long.fromNumber(2 * by) }',
    fault: HARMLESS,
  },
  {
    store: 'tidb',
    kind: 'wrong class',
    mistake: 'calls a lost answer not applied',
    file: 'functions/tidb/errors.ts',
    find: 'tidbErrors.unanswered(operation',
    replace: 'tidbErrors.closedUnsent(operation',
    fault: LOST_ANSWER,
  },
  {
    store: 'tidb',
    kind: 'early refusal',
    mistake: 'refuses one below the limit',
    file: 'functions/tidb/increment.ts',
    find: 'IF(counter_value <= ?',
    replace: 'IF(counter_value < ?',
    fault: HARMLESS,
  },
  {
    store: 'tidb',
    kind: 'double count',
    mistake: 'adds two',
    file: 'functions/tidb/increment.ts',
    find: 'LAST_INSERT_ID(CAST(? AS SIGNED))',
    replace: 'LAST_INSERT_ID(2 * CAST(? AS SIGNED))',
    fault: HARMLESS,
  },
  {
    store: 'dynamo',
    kind: 'over the limit',
    mistake: 'takes room for one as room for a step',
    file: MACHINE,
    after: '"Increment in DynamoDB by a step": {',
    find: '- $number($states.input.by) + 1',
    replace: '',
    fault: HARMLESS,
  },
  {
    store: 'redis',
    kind: 'over the limit',
    mistake: 'takes room for one as room for a step',
    file: 'functions/redis/scripts.ts',
    find: '- tonumber(ARGV[2]) then',
    replace: '- 1 then',
    fault: HARMLESS,
  },
  {
    store: 'momento',
    kind: 'over the limit',
    mistake: 'takes room for one as room for a step',
    file: 'functions/momento/strategies.ts',
    find: 'hasRoom(found.counter, by, max)',
    replace: 'hasRoom(found.counter, 1, max)',
    fault: HARMLESS,
  },
  {
    store: 'docdb',
    kind: 'over the limit',
    mistake: 'takes room for one as room for a step',
    file: 'functions/docdb/increment.ts',
    find: 'incrementable(max - by)',
    replace: 'incrementable(max - 1)',
    fault: HARMLESS,
  },
  {
    store: 'tidb',
    kind: 'over the limit',
    mistake: 'takes room for one as room for a step',
    file: 'functions/tidb/increment.ts',
    find: 'String(max - by)',
    replace: 'String(max - 1)',
    fault: HARMLESS,
  },
  {
    store: SHARDS,
    kind: 'wrong class',
    mistake: 'calls a lost answer not applied',
    file: MACHINE,
    find: '/connection refused',
    replace: '/connection re(?:fused|set)',
    fault: LOST_ANSWER,
  },
  {
    store: SHARDS,
    kind: 'double count',
    mistake: 'repeats after a lost answer',
    file: MACHINE,
    after: SHARDED,
    find: '"Next": "Incremented in DynamoDB"',
    replace: '"Retry": [{ "ErrorEquals": ["DynamoDb.SdkClientException"] }], "Next": "Incremented in DynamoDB"',
    fault: LOST_ANSWER,
  },
  {
    store: SHARDS,
    kind: 'early refusal',
    mistake: 'refuses where its first shard is full',
    file: MACHINE,
    find: '$place + $count($look) < $count($order)',
    replace: '$place < 0',
    fault: HARMLESS,
  },
  {
    store: SHARDS,
    kind: 'over the limit',
    mistake: 'has room for one more in each shard',
    file: MACHINE,
    after: SHARDED,
    find: '$order[$place] < $rest ? 1 : 0',
    replace: '$order[$place] < $rest ? 2 : 1',
    fault: HARMLESS,
  },
  {
    store: SHARDS,
    kind: 'wrong value',
    mistake: 'tells the value of a round later',
    file: MACHINE,
    after: SHARDED,
    find: '.N) - 1)',
    replace: '.N))',
    fault: HARMLESS,
  },
];
