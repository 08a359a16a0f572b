import { ExecutionIndex } from '../../../console/executions/execution-index';
import { ExecutionPages, type ExecutionPageRequest } from '../../../console/executions/execution-rows';
import type { ExecutionPage } from '../../../console/shapes';
import { MadeExecutions } from '../executions-made';

let made: MadeExecutions;
let index: ExecutionIndex;
let pages: ExecutionPages;
beforeEach(() => {
  made = new MadeExecutions();
  index = new ExecutionIndex(made);
  pages = new ExecutionPages(index);
});

const page = (request: Partial<ExecutionPageRequest> = {}): ExecutionPage => {
  const found = pages.page({ filter: {}, sort: 'started', order: 'descending', size: 50, ...request });
  if (!found) throw new Error('The page has dropped off');
  return found;
};
const ids = (request?: Partial<ExecutionPageRequest>) => page(request).rows.map(({ counterId }) => counterId);

describe('a sorted list', () => {
  it.each([
    ['started', 'descending', ['c', 'b', 'a']],
    ['started', 'ascending', ['a', 'b', 'c']],
    ['duration', 'ascending', ['b', 'a', 'c']],
    ['counter', 'descending', ['a', 'b', 'c']],
    ['counter', 'ascending', ['b', 'a', 'c']],
    ['kind', 'ascending', ['c', 'b', 'a']],
    ['id', 'descending', ['c', 'b', 'a']],
  ] as const)('by %s, %s, has what lacks the value last', (sort, order, expected) => {
    made.increment('a', { counter: 7 }, { startMs: 1, stopMs: 9 });
    made.increment('b', { counter: 2 }, { startMs: 2, stopMs: 3 });
    made.end(made.start({ store: 'redis', id: 'c', useConditionalWrites: true }, 3), { status: 'FAILED', stopMs: 20 });

    expect(ids({ sort, order })).toEqual(expected);
  });

  it('has of equal ones the latest first, whichever the order', () => {
    for (const id of ['a', 'b', 'c']) made.increment(id, { counter: 1 });

    expect(ids({ sort: 'counter', order: 'ascending' })).toEqual(['c', 'b', 'a']);
    expect(ids({ sort: 'counter', order: 'descending' })).toEqual(['c', 'b', 'a']);
  });
});

describe('a range of time', () => {
  it('takes its beginning, and not its end', () => {
    for (const startMs of [10, 20, 30]) made.increment(String(startMs), {}, { startMs });

    expect(ids({ filter: { sinceMs: 20 } })).toEqual(['30', '20']);
    expect(ids({ filter: { untilMs: 20 } })).toEqual(['10']);
    expect(ids({ filter: { sinceMs: 10, untilMs: 30 } })).toEqual(['20', '10']);
  });
});

describe('a page', () => {
  const request = { sort: 'counter', order: 'descending', size: 2 } as const;

  it('begins with the same execution while others come and go before it', () => {
    const rows = [9, 7, 5, 3].map((counter) => made.increment(`c${counter}`, { counter }));
    const { next } = page(request);

    made.increment('c8', { counter: 8 });
    if (rows[0]) made.drop(rows[0]);
    const second = page({ ...request, from: next });

    expect(second.rows.map(({ counter }) => counter)).toEqual([5, 3]);
    expect(second).toMatchObject({ before: 2, matching: 4, total: 4 });
  });

  it('begins where its first execution was, when the filter lets that pass no more', () => {
    const running = ['a', 'b', 'c'].map((id) => made.start({ store: 'redis', id, useConditionalWrites: true }));
    const { next } = page({ size: 1, filter: { kind: 'running' } });

    if (running[1]) made.end(running[1], { output: { outcome: 'incremented' } });

    expect(ids({ size: 1, filter: { kind: 'running' }, from: next })).toEqual(['a']);
  });

  it('is none where its first execution has dropped off', () => {
    const execution = made.increment('a', {});
    made.drop(execution);

    expect(pages.page({ ...request, filter: {}, from: execution.arn })).toBeUndefined();
  });
});

describe('the totals', () => {
  it('are of all that the other filters let pass', () => {
    made.increment('a', {});
    made.increment('b', { outcome: 'limit-reached' });
    made.increment('b', { outcome: 'unknown' });

    expect(page({ filter: { id: 'b', kind: 'unknown' } })).toMatchObject({
      kinds: { refused: 1, unknown: 1 },
      matching: 1,
    });
  });
});

describe('10,000 executions', () => {
  const MANY = 10_000;
  beforeEach(() => {
    for (let count = 0; count < MANY; count += 1) made.increment(`c-${count % 100}`, { counter: count });
    made.payloadsRead = 0;
  });

  it('are not read again to be filtered, sorted and counted', () => {
    page({ filter: { store: 'redis', kind: 'done', id: 'c-1' }, sort: 'counter' });

    expect(made.payloadsRead).toBe(0);
  });

  it('are searched once for a text, and after that only what is new', () => {
    page({ filter: { search: 'c-77' } });
    expect(made.payloadsRead).toBe(MANY);

    made.payloadsRead = 0;
    made.increment('c-77', {});
    made.payloadsRead = 0;
    expect(page({ filter: { search: 'C-77 ' } }).matching).toBe(101);
    expect(made.payloadsRead).toBe(1);
  });
});
