import { readDouble, safeInteger } from '../numbers';
import { CommandError, DoubleReply, type Reply } from '../reply';
import type { Session } from '../session';
import { SortedSet, type ScoredMember } from '../sorted-set';
import { ONE_KEY, syntaxError, type CommandTable } from './command';

/** Sorted sets: https://redis.io/docs/latest/commands/?group=sorted-set */
export const sortedSetCommands: CommandTable = {
  zadd: { arity: -4, writes: true, keys: ONE_KEY, run: add },
  zincrby: {
    arity: 4,
    writes: true,
    keys: ONE_KEY,
    run: (session, key: string, by: string, member: string) => add(session, key, 'INCR', by, member),
  },
  zrem: {
    arity: -3,
    writes: true,
    keys: ONE_KEY,
    run: ({ keys }, key: string, ...members: string[]) => {
      const set = keys.sortedSet(key);
      const removed = members.filter((member) => set?.delete(member)).length;
      if (set !== undefined && removed > 0) keys.updated(key, set);
      return removed;
    },
  },
  zcard: { arity: 2, keys: ONE_KEY, run: ({ keys }, key: string) => keys.sortedSet(key)?.size ?? 0 },
  zscore: {
    arity: 3,
    keys: ONE_KEY,
    run: ({ keys }, key: string, member: string) => {
      const score = keys.sortedSet(key)?.score(member);
      return score === undefined ? null : new DoubleReply(score);
    },
  },
  zcount: {
    arity: 4,
    keys: ONE_KEY,
    run: (session, key: string, min: string, max: string) => withScores(session, key, min, max).length,
  },
  zrange: { arity: -4, keys: ONE_KEY, run: range },
  zrangebyscore: {
    arity: -4,
    keys: ONE_KEY,
    run: (session, key: string, min: string, max: string, ...options: string[]) => {
      const { scores, limit, other } = rangeOptions(options);
      if (other.length > 0) throw syntaxError();
      return membersReply(session, limited(withScores(session, key, min, max), limit), scores);
    },
  },
  zremrangebyrank: {
    arity: 4,
    writes: true,
    keys: ONE_KEY,
    run: (session, key: string, start: string, stop: string) =>
      removeAll(session, key, withRanks(session, key, start, stop)),
  },
  zremrangebyscore: {
    arity: 4,
    writes: true,
    keys: ONE_KEY,
    run: (session, key: string, min: string, max: string) =>
      removeAll(session, key, withScores(session, key, min, max)),
  },
};

const ADD_OPTIONS = ['NX', 'XX', 'GT', 'LT', 'CH', 'INCR'];

function add({ keys }: Session, key: string, ...args: string[]): Reply {
  const firstScore = args.findIndex((arg) => !ADD_OPTIONS.includes(arg.toUpperCase()));
  const options = new Set((firstScore === -1 ? args : args.slice(0, firstScore)).map((arg) => arg.toUpperCase()));
  const pairs = firstScore === -1 ? [] : args.slice(firstScore);
  if (pairs.length === 0 || pairs.length % 2 === 1) throw syntaxError();
  if (options.has('NX') && options.has('XX')) {
    throw new CommandError('ERR XX and NX options at the same time are not compatible');
  }
  if (['NX', 'GT', 'LT'].filter((option) => options.has(option)).length > 1) {
    throw new CommandError('ERR GT, LT, and/or NX options at the same time are not compatible');
  }
  if (options.has('INCR') && pairs.length > 2) {
    throw new CommandError('ERR INCR option supports a single increment-element pair');
  }
  // All scores are read before the first is written.
  const members: ScoredMember[] = [];
  for (let index = 0; index < pairs.length; index += 2) {
    const score = readDouble(pairs[index] ?? '');
    if (score === undefined) throw new CommandError('ERR value is not a valid float');
    members.push({ score, member: pairs[index + 1] ?? '' });
  }

  const set = keys.sortedSet(key) ?? new SortedSet();
  let added = 0;
  let changed = 0;
  let written: number | undefined;
  for (const { member, score: given } of members) {
    const current = set.score(member);
    const score = options.has('INCR') ? (current ?? 0) + given : given;
    if (Number.isNaN(score)) throw new CommandError('ERR resulting score is not a number (NaN)');
    if (current === undefined ? options.has('XX') : options.has('NX')) continue;
    if (current !== undefined && options.has('GT') && score <= current) continue;
    if (current !== undefined && options.has('LT') && score >= current) continue;
    written = score;
    if (current === undefined) added += 1;
    else if (current !== score) changed += 1;
    if (current !== score) set.set(member, score);
  }
  if (added + changed > 0) keys.update(key, set);
  if (options.has('INCR')) return written === undefined ? null : new DoubleReply(written);
  return options.has('CH') ? added + changed : added;
}

function range(session: Session, key: string, start: string, stop: string, ...options: string[]): Reply {
  const { scores, limit, other } = rangeOptions(options);
  const flags = new Set(other);
  if (flags.has('BYLEX')) throw new CommandError('ERR ZRANGE BYLEX is not supported by the embedded Redis');
  if (other.some((option) => option !== 'BYSCORE' && option !== 'REV')) throw syntaxError();
  const reversed = flags.has('REV');
  if (flags.has('BYSCORE')) {
    const found = reversed ? withScores(session, key, stop, start).toReversed() : withScores(session, key, start, stop);
    return membersReply(session, limited(found, limit), scores);
  }
  if (limit !== undefined) {
    throw new CommandError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  }
  return membersReply(session, withRanks(session, key, start, stop, reversed), scores);
}

interface Limit {
  readonly offset: number;
  /** Negative: all. */
  readonly count: number;
}

/** Reads WITHSCORES and LIMIT; the other options are left, in upper case. */
function rangeOptions(options: readonly string[]): { scores: boolean; limit: Limit | undefined; other: string[] } {
  let scores = false;
  let limit: Limit | undefined;
  const other: string[] = [];
  for (let index = 0; index < options.length; index += 1) {
    const option = options[index]?.toUpperCase() ?? '';
    if (option === 'WITHSCORES') {
      scores = true;
    } else if (option === 'LIMIT' && index + 2 < options.length) {
      limit = { offset: safeInteger(options[index + 1] ?? ''), count: safeInteger(options[index + 2] ?? '') };
      index += 2;
    } else {
      other.push(option);
    }
  }
  return { scores, limit, other };
}

function limited(members: readonly ScoredMember[], limit: Limit | undefined): readonly ScoredMember[] {
  if (limit === undefined) return members;
  if (limit.offset < 0) return [];
  return members.slice(limit.offset, limit.count < 0 ? undefined : limit.offset + limit.count);
}

/** The members from rank `start` to `stop`, both included; negative ranks count from the end. */
function withRanks({ keys }: Session, key: string, start: string, stop: string, reversed = false): ScoredMember[] {
  const [first, last] = [safeInteger(start), safeInteger(stop)];
  const members = keys.sortedSet(key)?.members() ?? [];
  const fromStart = (rank: number): number => (rank < 0 ? members.length + rank : rank);
  const ordered = reversed ? members.toReversed() : members;
  return ordered.slice(Math.max(fromStart(first), 0), Math.max(fromStart(last) + 1, 0));
}

/** The members whose score lies in a range such as `1`, `(5` (without 5 itself) or `-inf`. */
function withScores({ keys }: Session, key: string, min: string, max: string): ScoredMember[] {
  const lower = scoreBound(min);
  const upper = scoreBound(max);
  const members = keys.sortedSet(key)?.members() ?? [];
  return members.filter(
    ({ score }) =>
      (lower.exclusive ? score > lower.score : score >= lower.score) &&
      (upper.exclusive ? score < upper.score : score <= upper.score),
  );
}

function scoreBound(text: string): { score: number; exclusive: boolean } {
  const exclusive = text.startsWith('(');
  const score = readDouble(exclusive ? text.slice(1) : text);
  if (score === undefined) throw new CommandError('ERR min or max is not a float');
  return { score, exclusive };
}

function membersReply({ protocol }: Session, members: readonly ScoredMember[], scores: boolean): Reply {
  if (!scores) return members.map(({ member }) => member);
  const pairs = members.map(({ member, score }): Reply[] => [member, new DoubleReply(score)]);
  return protocol === 3 ? pairs : pairs.flat();
}

function removeAll({ keys }: Session, key: string, members: readonly ScoredMember[]): number {
  const set = keys.sortedSet(key);
  if (set === undefined || members.length === 0) return 0;
  for (const { member } of members) set.delete(member);
  keys.updated(key, set);
  return members.length;
}
