import fc from 'fast-check';
import { checkExactness, type History } from '../../../compare/exactness';
import { simulatedHistories } from './counter-simulation';
import { PLANTED, PLANTED_ON_SHARDS, PLANTED_WITH_KEYS, PLANTED_WITH_STEPS } from './planted';
import { linearizable, PORCUPINE, toLine } from './porcupine';
import { recordServers, recordStore } from './recorded-histories';
import { smallHistories } from './search';

/** How many histories each kind has beside the recorded ones. `PORCUPINE_SEED=7 .ci/porcupine/compare` makes other ones. */
const RUNS = { small: 4000, happened: 1500, planted: 400 } as const;
const seed = Number(process.env['PORCUPINE_SEED'] ?? 1);
/** Of each thing that is recorded on. */
const RECORDED = 25;
const SHOWN = 5;

/** Porcupine tries orders one by one: of longer histories it would try too many. */
const short = { steps: 120, limits: [2, 5, 12] } as const;

interface Tally {
  exact: number;
  not: number;
  readonly different: string[];
}

/** By where the histories came from. */
const tallies = new Map<string, Tally>();

/** Asks both judges about each history, and fails where they differ. */
function compare(kind: string, histories: readonly History[]): Tally {
  const tally: Tally = { exact: 0, not: 0, different: [] };
  tallies.set(kind, tally);
  const theirs = linearizable(histories);
  for (const [index, history] of histories.entries()) {
    const { isExact } = checkExactness(history);
    tally[isExact ? 'exact' : 'not'] += 1;
    if (theirs[index] !== isExact)
      tally.different.push(`Porcupine: ${theirs[index]}, here: ${isExact}: ${toLine(history)}`);
  }
  expect(tally.different.slice(0, SHOWN)).toEqual([]);
  return tally;
}

afterAll(() => {
  if (PORCUPINE === undefined) return;
  for (const [kind, { exact, not, different }] of tallies) {
    process.stdout.write(`${kind}: ${exact} exact, ${not} not, ${different.length} differ\n`);
  }
  const all = [...tallies.values()];
  const differ = all.reduce((sum, { different }) => sum + different.length, 0);
  const alike = all.reduce((sum, { exact, not }) => sum + exact + not, -differ);
  process.stdout.write(`${alike} histories decided alike, ${differ} differ\n`);
});

(PORCUPINE === undefined ? describe.skip : describe)('the checker decides as Porcupine (.ci/porcupine/compare)', () => {
  it.each([
    ['small', {}],
    ['small, with keys', { keys: true }],
    ['small, with keys, calls sent on twice', { keys: true, ownReplays: true }],
    ['small, with steps', { steps: true }],
    ['small, with steps and keys', { steps: true, keys: true }],
    ['small, on shards', { sharded: true }],
  ])('on histories that are %s, many of which miss by a hair', (what, kind) => {
    const { exact, not } = compare(what, fc.sample(smallHistories(kind), { numRuns: RUNS.small, seed }));

    expect(Math.min(exact, not)).toBeGreaterThan(RUNS.small / 10);
  });

  it.each([
    ['happened', {}],
    ['happened, with keys', { keys: 8 }],
    ['happened, with keys, calls sent on twice', { keys: 8, ownReplays: true }],
    ['happened, with steps', { bys: [1, 2, 3] }],
    ['happened, with steps and keys', { bys: [1, 4], keys: 8 }],
    ['happened on shards', { sharded: true, steps: 60 }],
    ['happened on shards, with keys', { sharded: true, steps: 60, keys: 8 }],
  ])('on what %s on a correct counter', (what, kind) => {
    const happened = fc.sample(simulatedHistories({ ...short, ...kind }), { numRuns: RUNS.happened, seed });
    const { not } = compare(what, happened);

    expect(not).toBe(0);
  });

  it.each([
    ...Object.entries(PLANTED).map(([what, plant]) => [what, plant, {}] as const),
    ...Object.entries(PLANTED_WITH_KEYS).map(([what, plant]) => [what, plant, { keys: 6 }] as const),
    ...Object.entries(PLANTED_WITH_STEPS).map(([what, plant]) => [what, plant, { bys: [2, 3, 5] }] as const),
    ...Object.entries(PLANTED_ON_SHARDS).map(([what, plant]) => {
      return [`${what}, on shards`, plant, { sharded: true, limits: [6, 12], steps: 60 }] as const;
    }),
  ])('on histories with %s', (what, plant, kind) => {
    const of = (unknown: boolean): History[] =>
      fc
        .sample(fc.tuple(simulatedHistories({ ...short, unknown, ...kind }), fc.nat()), { numRuns: RUNS.planted, seed })
        .flatMap(([history, pick]) => plant(history, pick) ?? []);

    const { not } = compare(what, of(false));
    compare(`${what}, beside unknown outcomes`, of(true));

    expect(not).toBeGreaterThan(RUNS.planted / 4);
  });

  it('on what is recorded on a server, written well and badly', async () => {
    const recorded = await recordServers(
      ['atomic', 'read-then-write', 'forgetful', 'past-limit', 'early-limit', 'breaking', 'stale-reads'],
      RECORDED,
    );

    for (const [what, histories] of Object.entries(recorded)) compare(what, histories);
    expect(tallies.get('a server: atomic')).toMatchObject({ exact: RECORDED, not: 0 });
    expect(tallies.get('a server: read-then-write')?.not).toBeGreaterThan(RECORDED / 2);
  });

  it.each(['dynamo', 'redis', 'momento', 'docdb', 'tidb'] as const)(
    'on what is recorded on the embedded %s, whose answers get lost',
    async (store) => {
      const recorded = await recordStore(store, RECORDED);

      for (const [what, histories] of Object.entries(recorded)) compare(what, histories);
      expect(tallies.get(store)).toMatchObject({ exact: RECORDED, not: 0 });
    },
  );
});
