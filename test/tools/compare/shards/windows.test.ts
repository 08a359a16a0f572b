import type { History, Operation } from '../../../../compare/exactness';
import type { DynamoRequest } from '../../../../tools/compare/shards/requests';
import { incrementTimes, windowOf } from '../../../../tools/compare/shards/windows';

const ended = (atMs: number, result: Operation['result']): Operation => ({
  client: 0,
  invokedAt: 0n,
  completedAt: BigInt(atMs * 1e6),
  result,
});

const history: History = {
  operations: [
    ended(30, { status: 'incremented', counter: 2 }),
    ended(10, { status: 'incremented', counter: 1 }),
    ended(20, { status: 'not-applied' }),
    ended(40, { status: 'limit-reached' }),
    ended(50, { status: 'incremented', counter: 3 }),
  ],
};

const request = (atMs: number, kind: DynamoRequest['kind'], items = 0, isConsistent = false): DynamoRequest => ({
  atMs,
  kind,
  items,
  isConsistent,
});

describe('a window of time', () => {
  it('has the calls that ended after its beginning and not after its end', () => {
    expect(windowOf(history, [], 10, 40)).toMatchObject({ ms: 30, incremented: 1, notApplied: 1, limitReached: 1 });
  });

  it('has the requests, with half a read unit for each item that is read eventually consistent', () => {
    const requests = [
      request(5, 'written'),
      request(15, 'written'),
      request(16, 'refused'),
      request(17, 'throttled'),
      request(18, 'read', 1, true),
      request(19, 'read', 15),
    ];

    expect(windowOf(history, requests, 10, 40).requests).toEqual({
      written: 1,
      refused: 1,
      throttled: 1,
      reads: 2,
      readUnits: 8.5,
    });
  });

  it('begins or ends with an increment, by the order in time', () => {
    expect(incrementTimes(history)).toEqual([10, 30, 50]);
  });
});
