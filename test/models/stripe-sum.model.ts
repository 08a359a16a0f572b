import type { Model } from './explore';

/** How a striped counter is read, and what is done to it. */
export interface SumScenario {
  readonly shards: number;
  /** How often it is incremented. */
  readonly increments: number;
  /** In which order a read goes through the shards. */
  readonly order: 'one after another' | 'any';
  /** Whether a read of a shard may show what it was before. */
  readonly reads: 'strong' | 'eventual';
  /** How often it is decremented. @default - it is incremented only */
  readonly decrements?: number;
}

interface Read {
  /** The shards that are still to be read. */
  readonly left: readonly number[];
  readonly sum: number;
  /** All that the counter has been since the read began. */
  readonly been: readonly number[];
}

interface State {
  readonly used: readonly number[];
  readonly decrements: number;
  readonly increments: number;
  readonly read?: Read;
  readonly broken?: string;
}

type Step = readonly [step: string, state: State, label: undefined];

/**
 * Reads of a striped counter: each adds up what it reads from the shards, one by one, while others count. It is linearizable
 * if each tells what the counter was at some instant between its begin and its end: a read that begins after another's end
 * then has a later instant, and increments have theirs.
 */
export function stripeSumModel(scenario: SumScenario): Model<State, undefined> {
  const { shards, increments, order, reads, decrements = 0 } = scenario;
  const all = [...Array(shards).keys()];

  const change = (state: State, shard: number, by: 1 | -1): State => {
    const used = state.used.map((count, at) => (at === shard ? count + by : count));
    const rest = {
      used,
      decrements: state.decrements + (by === -1 ? 1 : 0),
      increments: state.increments + (by === 1 ? 1 : 0),
    };
    if (state.read === undefined) return rest;
    const been = [...new Set([...state.read.been, total(used)])].sort((a, b) => a - b);
    return { ...rest, read: { ...state.read, been } };
  };

  function* readOn(state: State, { left, sum, been }: Read): Generator<Step> {
    const { used, decrements: down, increments: up } = state;
    for (const shard of order === 'any' ? left : left.slice(0, 1)) {
      const now = used[shard] ?? 0;
      for (let count = reads === 'eventual' ? 0 : now; count <= now; count += 1) {
        const rest = left.filter((other) => other !== shard);
        const step = `the read finds ${count} in shard ${shard}`;
        const isOver = rest.length === 0;
        const read: Read = { left: rest, sum: sum + count, been };
        const broken =
          isOver && !been.includes(read.sum) ? `read ${read.sum}, but it was ${been.join(', then ')}` : undefined;
        const after: State = {
          used,
          decrements: down,
          increments: up,
          ...(!isOver && { read }),
          ...(broken && { broken }),
        };
        yield [step, after, undefined];
      }
    }
  }

  function* next(state: State): Generator<Step> {
    for (const shard of all) {
      if (state.increments < increments) yield [`shard ${shard} counts`, change(state, shard, 1), undefined];
      if (state.decrements < decrements && (state.used[shard] ?? 0) > 0) {
        yield [`shard ${shard} counts down`, change(state, shard, -1), undefined];
      }
    }
    if (state.read) yield* readOn(state, state.read);
    else yield ['a read begins', { ...state, read: { left: all, sum: 0, been: [total(state.used)] } }, undefined];
  }

  return {
    initial: { used: Array<number>(shards).fill(0), decrements: 0, increments: 0 },
    next,
    violation: ({ broken }) => broken,
  };
}

function total(used: readonly number[]): number {
  return used.reduce((sum, count) => sum + count, 0);
}
