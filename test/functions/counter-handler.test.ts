import { type CounterStore, MAX_COUNTER } from '../../functions/counter-store';
import { counterHandler } from '../../functions/counter-handler';
import type { KeyedIncrement, KeyedOutcome } from '../../functions/keyed-increment';
import { errorOf } from '../counter-store.contract';

const CONTEXT = { awsRequestId: '5f1a9a3c-0000-4000-8000-000000000001' };

/** A store whose counters all stand at the largest value. */
const full: CounterStore = {
  increment: () => Promise.resolve({ status: 'limit-reached', counter: MAX_COUNTER }),
  incrementKeyed: () => Promise.resolve({ status: 'limit-reached', counter: MAX_COUNTER }),
  read: () => Promise.resolve(MAX_COUNTER),
  close: () => Promise.resolve(),
};

describe('the handler of a store', () => {
  const handler = counterHandler({ store: 'redis', counterStore: () => full });
  let lines: string[];

  beforeEach(() => {
    lines = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(() => jest.restoreAllMocks());

  it('returns a limit that was asked for', async () => {
    const result = await handler({ id: 'votes', max: String(MAX_COUNTER) }, CONTEXT);

    expect(result).toEqual({ outcome: 'limit-reached', counter: MAX_COUNTER });
  });

  it('passes on the step, and returns the counter that had no room for it', async () => {
    const asked: unknown[] = [];
    const counters: CounterStore = {
      ...full,
      increment: (...call) => {
        asked.push(call);
        return Promise.resolve({ status: 'limit-reached', counter: 8 });
      },
    };

    const result = await counterHandler({ store: 'tidb', counterStore: () => counters })(
      { id: 'votes', max: '10', by: '3' },
      CONTEXT,
    );

    expect(result).toEqual({ outcome: 'limit-reached', counter: 8 });
    expect(asked).toEqual([['votes', { max: '10', by: 3 }]]);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ outcome: 'limit-reached', counter: 8 });
  });

  it('logs how often other calls were faster, and tells the state machine the value alone', async () => {
    const contended = counterHandler({
      store: 'momento',
      counterStore: () => ({
        ...full,
        increment: () => Promise.resolve({ status: 'incremented', counter: 7, conflicts: 3 }),
      }),
    });

    const result = await contended({ id: 'votes', max: '10' }, CONTEXT);

    expect(result).toEqual({ outcome: 'incremented', counter: 7 });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ outcome: 'incremented', counter: 7, conflicts: 3 });
  });

  describe('with an idempotency key', () => {
    const keyed = { key: 'k', sentAt: 1_795_000_000, windowSeconds: 120, cap: 1000 };
    const event = { id: 'votes', ...keyed };

    it.each<[KeyedOutcome, object]>([
      [
        { status: 'incremented', counter: 7 },
        { outcome: 'incremented', counter: 7 },
      ],
      [
        { status: 'replayed', counter: 7 },
        { outcome: 'replayed', counter: 7 },
      ],
      [
        { status: 'limit-reached', counter: 7 },
        { outcome: 'limit-reached', counter: 7 },
      ],
      [{ status: 'limit-reached' }, { outcome: 'limit-reached' }],
      [{ status: 'full' }, { outcome: 'full' }],
      [{ status: 'late' }, { outcome: 'late' }],
    ])('returns and logs how the store ended it: %j', async (ended, expected) => {
      const calls: (readonly [string, KeyedIncrement])[] = [];
      const counters: CounterStore = {
        ...full,
        incrementKeyed: (...call) => {
          calls.push(call);
          return Promise.resolve(ended);
        },
      };

      const result = await counterHandler({ store: 'tidb', counterStore: () => counters })(
        { ...event, max: '9', by: '3' },
        CONTEXT,
      );

      expect(result).toEqual(expected);
      expect(calls).toEqual([['votes', { ...keyed, max: '9', by: 3 }]]);
      expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
        store: 'tidb',
        id: 'votes',
        ...expected,
        durationMs: expect.any(Number) as number,
        requestId: CONTEXT.awsRequestId,
      });
    });

    it('logs how often other calls were faster', async () => {
      const counters: CounterStore = {
        ...full,
        incrementKeyed: () => Promise.resolve({ status: 'incremented', counter: 7, conflicts: 2 }),
      };

      const result = await counterHandler({ store: 'docdb', counterStore: () => counters })(event, CONTEXT);

      expect(result).toEqual({ outcome: 'incremented', counter: 7 });
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ outcome: 'incremented', counter: 7, conflicts: 2 });
    });

    it('returns the largest value too, without a limit, where a call without a key throws', async () => {
      const result = await handler(event, CONTEXT);

      expect(result).toEqual({ outcome: 'limit-reached', counter: MAX_COUNTER });
    });

    it('rejects an event that breaks a rule, and does not ask the store', async () => {
      const error = await errorOf(handler({ ...event, cap: 1001 }, CONTEXT));

      expect(error).toMatchObject({
        name: 'InvalidRequestError',
        message: 'cap must be a whole number from 1 to 1000, got 1001',
      });
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ store: 'redis', outcome: 'invalid-request' });
    });
  });

  it('reads, at the largest value as anywhere else', async () => {
    const result = await handler({ operation: 'read', id: 'votes' }, CONTEXT);

    expect(result).toEqual({ outcome: 'read', counter: MAX_COUNTER });
  });

  it('throws, without a limit, when the counter has reached the largest value', async () => {
    const error = await errorOf(handler({ id: 'votes' }, CONTEXT));

    expect(error).toMatchObject({
      name: 'LimitReachedError',
      message: 'redis: the counter has reached the largest value, 9007199254740991',
    });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ store: 'redis', id: 'votes', outcome: 'limit-reached' });
  });

  it('throws, without a limit, when there is no room for a step below the largest value', async () => {
    const error = await errorOf(handler({ id: 'votes', by: '3' }, CONTEXT));

    expect(error).toMatchObject({
      name: 'LimitReachedError',
      message: 'redis: 3 more would pass the largest value, 9007199254740991',
    });
  });
});
