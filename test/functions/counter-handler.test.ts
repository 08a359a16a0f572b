import { type CounterStore, MAX_COUNTER } from '../../functions/counter-store';
import { counterHandler } from '../../functions/counter-handler';
import { errorOf } from '../counter-store.contract';

const CONTEXT = { awsRequestId: '5f1a9a3c-0000-4000-8000-000000000001' };

/** A store whose counters all stand at the largest value. */
const full: CounterStore = {
  increment: () => Promise.resolve({ status: 'limit-reached', counter: MAX_COUNTER }),
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
});
