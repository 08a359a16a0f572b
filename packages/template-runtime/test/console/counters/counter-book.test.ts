import { ExecutionIndex } from '../../../console/executions/execution-index';
import { MadeExecutions } from '../executions-made';

let made: MadeExecutions;
let index: ExecutionIndex;
beforeEach(() => {
  made = new MadeExecutions();
  index = new ExecutionIndex(made);
});

const votes = () => index.counters.get('redis', 'votes');
const read = (counter: number, startMs: number): void => {
  const execution = made.start({ store: 'redis', id: 'votes' }, startMs, 'Read');
  made.end(execution, { stopMs: startMs + 1, output: { outcome: 'read', counter } });
};

describe('what executions tell of a counter', () => {
  it('is its value, its limit and what is left', () => {
    made.increment('votes', { counter: 4, max: 10 }, { startMs: 1, stopMs: 2 });

    expect(votes()).toMatchObject({ value: { value: 4, atMs: 2, isRead: false }, max: 10, remaining: 6, changedMs: 2 });
  });

  it('is what a refused step had found, where some was left', () => {
    made.increment('votes', { outcome: 'limit-reached', max: 10, remaining: 2 });
    expect(votes()).toMatchObject({ value: { value: 8 }, max: 10, remaining: 2 });

    made.increment('stars', { outcome: 'limit-reached', max: 10, remaining: 0 });
    expect(index.counters.get('redis', 'stars')).not.toHaveProperty('value');
  });

  it('is the larger value of two that overlapped, whichever ended last', () => {
    made.increment('votes', { counter: 6 }, { startMs: 1, stopMs: 5 });
    made.increment('votes', { counter: 5 }, { startMs: 1, stopMs: 8 });

    expect(votes()?.value?.value).toBe(6);
  });

  it('is a smaller value where its execution began later: the counter was reset', () => {
    made.increment('votes', { counter: 6 }, { startMs: 1, stopMs: 2 });
    made.increment('votes', { counter: 1 }, { startMs: 3, stopMs: 4 });

    expect(votes()?.value?.value).toBe(1);
  });

  it('is not the value of a replay, which is an earlier one', () => {
    made.increment('votes', { counter: 6 }, { startMs: 1, stopMs: 2 });
    made.increment('votes', { outcome: 'replayed', counter: 3 }, { startMs: 3, stopMs: 4 });

    expect(votes()).toMatchObject({ value: { value: 6 }, kinds: { done: 2 } });
  });

  it('counts outcomes by kind, with those that run', () => {
    made.increment('votes', { counter: 1 });
    made.increment('votes', { outcome: 'limit-reached' });
    made.increment('votes', { outcome: 'unavailable' });
    made.end(made.start({ store: 'redis', id: 'votes', useConditionalWrites: true }), { status: 'TIMED_OUT' });
    made.start({ store: 'redis', id: 'votes', useConditionalWrites: true });

    expect(votes()?.kinds).toEqual({ done: 1, refused: 1, 'not-done': 1, unknown: 1, running: 1 });
  });

  it('is nothing where only invalid requests name it', () => {
    made.increment('votes', { outcome: 'invalid-request' });

    expect(votes()).toBeUndefined();
    expect(index.counters.rows()).toEqual([]);
  });

  it('keeps the latest values only', () => {
    for (let counter = 1; counter <= 40; counter += 1) made.increment('votes', { counter }, { startMs: counter * 2 });

    expect(votes()?.trend).toEqual(Array.from({ length: 32 }, (_, at) => at + 9));
  });
});

describe('an execution that drops off', () => {
  it('takes its outcome with it, and the last one the counter', () => {
    const first = made.increment('votes', { counter: 1 });
    const second = made.increment('votes', { outcome: 'unknown' });

    made.drop(first);
    expect(votes()).toMatchObject({ executions: 1, kinds: { unknown: 1 }, value: { value: 1 } });

    made.drop(second);
    expect(votes()).toBeUndefined();
  });
});

describe('a read that finds another value', () => {
  it('says what executions had told, until one tells again', () => {
    made.increment('votes', { counter: 3 }, { startMs: 1, stopMs: 2 });

    read(9, 10);
    expect(votes()).toMatchObject({ value: { value: 9, isRead: true }, told: 3 });
    read(9, 20);
    expect(votes()?.told).toBe(3);

    made.increment('votes', { counter: 10 }, { startMs: 30, stopMs: 31 });
    expect(votes()?.told).toBeUndefined();
  });

  it('says nothing where it finds the same', () => {
    made.increment('votes', { counter: 3 }, { startMs: 1, stopMs: 2 });

    read(3, 10);

    expect(votes()).toMatchObject({ value: { value: 3, isRead: true } });
    expect(votes()?.told).toBeUndefined();
  });

  it('says nothing of a larger one while an increment is under way, which may have counted', () => {
    made.increment('votes', { counter: 3 }, { startMs: 1, stopMs: 2 });
    made.start({ store: 'redis', id: 'votes', useConditionalWrites: false }, 5);

    read(4, 10);
    expect(votes()).toMatchObject({ value: { value: 4 } });
    expect(votes()?.told).toBeUndefined();

    read(2, 20);
    expect(votes()?.told).toBe(4);
  });
});
