import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../../../lib/project-root';
import { freePort } from '../../../tools/free-port';
import { type Behaviour, type CounterServer, startCounterServer } from '../../compare/counter-server';

interface Run {
  readonly code: unknown;
  readonly lines: readonly string[];
  readonly errors: readonly string[];
}

/** Runs the command as `npm run check` does. */
async function check(...args: readonly string[]): Promise<Run> {
  const child = spawn(process.execPath, [path.join(projectRoot(), 'dist', 'bin', 'check.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, lines: output.trim().split('\n'), errors: errors.trim().split('\n') };
}

/** The lines of the verdict, without the operations that show it. */
const verdictOf = ({ lines }: Run): string[] =>
  lines.filter((line) => /^(atomic|limit|retries):|^(not )?(exact|decidable)$/.test(line));

describe('npm run check', () => {
  let server: CounterServer;
  let folder: string;
  let output: string;
  beforeAll(async () => {
    server = await startCounterServer();
    folder = mkdtempSync(path.join(os.tmpdir(), 'check-test-'));
    output = path.join(folder, 'history.json');
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** A few calls of a server that is written in some way. */
  const checkServer = (behaviour: Behaviour, ...args: readonly string[]): Promise<Run> => {
    const query = [args.includes('--limit') ? 'max=20' : '', args.includes('--by') ? 'by=3' : ''].filter(Boolean);
    const request = ['--request', `POST ${server.url}/${behaviour}/{id}?${query.join('&')}`, '--output', output];
    return check(...request, '--duration', '60', '--calls', '240', ...args);
  };

  it('says yes to a counter that is exact, in all that was asked', async () => {
    const run = await checkServer('keyed', '--limit', '20', '--key-header', 'idempotency-key');

    expect(run.code).toBe(0);
    expect(verdictOf(run)).toEqual([
      expect.stringMatching(/^atomic: {2}yes: \d+ increments of \d counters, each with a value of its own/),
      expect.stringMatching(/^limit: {3}yes: met by \d counters, \d+ calls refused$/),
      'retries: yes: 19 keys repeated at once and later, each counted once with the first value',
      'exact',
    ]);
  });

  it('says yes where each call adds more than one, all or nothing', async () => {
    const run = await checkServer('keyed', '--limit', '20', '--by', '3', '--key-header', 'idempotency-key');

    expect(run.code).toBe(0);
    expect(verdictOf(run)).toEqual([
      expect.stringMatching(
        /^atomic: {2}yes: \d+ increments of \d+ counters, each with values of its own, in the order/,
      ),
      expect.stringMatching(/^limit: {3}yes: met by \d+ counters, \d+ calls refused$/),
      'retries: yes: 5 keys repeated at once and later, each counted once with the first value',
      'exact',
    ]);
  });

  it('finds a step that is counted in part', async () => {
    const run = await checkServer('partial-step', '--limit', '20', '--by', '3');

    expect(run.code).toBe(1);
    expect(verdictOf(run)[0]).toMatch(
      /^atomic: {2}no: .* \(distinct \d+, order \d+\)$|^atomic: {2}no: .* \(distinct \d+\)$/,
    );
    expect(run.lines).toContainEqual(
      expect.stringMatching(/ 18 was taken twice, by client \d+'s increment by 3 below 20 .* and by client \d+'s/),
    );
  });

  it('takes the values of shards in any order, if asked', async () => {
    const [asked, unasked] = [await checkServer('striped', '--limit', '20', '--sharded'), await checkServer('striped')];

    expect([asked.code, unasked.code]).toEqual([0, 1]);
    expect(verdictOf(asked).slice(0, 2)).toEqual([
      expect.stringMatching(/^atomic: {2}yes: \d+ increments of \d+ counters, each with a value of its own$/),
      expect.stringMatching(/^limit: {3}yes: met by \d+ counters, \d+ calls refused$/),
    ]);
  });

  it('finds a refusal of shards while one has values left', async () => {
    const run = await checkServer('striped-early', '--limit', '21', '--sharded');

    expect(run.code).toBe(1);
    expect(verdictOf(run)[1]).toMatch(/^limit: {3}no: .* \(refusal \d+\)$/);
  });

  it('does not ask what it has no argument for', async () => {
    const run = await checkServer('atomic');

    expect(run.code).toBe(0);
    expect(verdictOf(run).slice(1)).toEqual([
      'limit:   not asked: no limit was given',
      'retries: not asked: no call had a key and was repeated',
      'exact',
    ]);
  });

  it('tells unknown outcomes from lost increments', async () => {
    const run = await checkServer('breaking');

    expect(run.code).toBe(0);
    expect(verdictOf(run)[0]).toMatch(/^atomic: {2}yes: .*, beside \d+ unknown outcomes$/);
  });

  it.each<[Behaviour, RegExp]>([
    ['read-then-write', /^atomic: {2}no: 240 increments of 1 counter returned \d+ different values \(distinct \d+/],
    ['forgetful', /^atomic: {2}no: 240 increments of 1 counter returned \d+ different values \(distinct \d+/],
  ])('finds increments that are not atomic: %s', async (behaviour, verdict) => {
    const run = await checkServer(behaviour);

    expect(run.code).toBe(1);
    expect(verdictOf(run)).toEqual([expect.stringMatching(verdict), expect.anything(), expect.anything(), 'not exact']);
    expect(run.lines).toContainEqual(
      expect.stringMatching(/^ +counter "check-\w+": \d+ was returned twice, to client \d+'s increment \(.* ms\)/),
    );
  });

  it.each<[Behaviour, string, RegExp]>([
    ['past-limit', 'limit:   no: with a limit of 20, 21 counted (limit ', /increment below 20 .* is past its limit$/],
    ['early-limit', 'limit:   no: with a limit of 20, 19 counted (refusal ', /limit-reached 19, below its limit$/],
  ])('finds a limit that is not exact: %s', async (behaviour, verdict, operation) => {
    const run = await checkServer(behaviour, '--limit', '20');

    expect(run.code).toBe(1);
    expect(verdictOf(run)).toEqual([
      expect.stringMatching(/^atomic: {2}yes: /),
      expect.stringContaining(verdict),
      expect.anything(),
      'not exact',
    ]);
    expect(run.lines).toContainEqual(expect.stringMatching(operation));
  });

  it.each<[Behaviour, string]>([
    ['atomic', 'retries: no: 40 keys of 41 got several values, some keys counted more than once'],
    ['keyed-double', 'retries: no: some keys counted more than once'],
  ])('finds repeats that count again: %s', async (behaviour, verdict) => {
    const run = await checkServer(behaviour, '--key-header', 'idempotency-key');

    expect(run.code).toBe(1);
    expect(verdictOf(run)).toEqual([
      expect.stringMatching(/^atomic: {2}yes: /),
      expect.anything(),
      verdict,
      'not exact',
    ]);
  });

  it.each<[Behaviour, RegExp]>([
    ['keyed-late', /^retries: no: \d+ keys? of 41 got several values, some keys counted more than once$/],
    ['keyed-forgetful', /^retries: no: \d+ keys? of 41 got several values$/],
  ])('finds repeats that get another value than the first: %s', async (behaviour, verdict) => {
    const run = await checkServer(behaviour, '--key-header', 'idempotency-key');

    expect(run.code).toBe(1);
    expect(verdictOf(run)[2]).toMatch(verdict);
    expect(run.lines).toContainEqual(expect.stringMatching(/^ +counter "check-\w+", key .*: its \d calls returned /));
  });

  it('learns where a counter without {id} begins', async () => {
    const request = `POST ${server.url}/atomic/the-only-one`;

    const first = await check('--request', request, '--calls', '100', '--output', output);
    const second = await check('--request', request, '--calls', '100', '--output', output);

    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.lines[0]).toBe('the first call returned 103');
  });

  it('cannot decide on a limit that was never met, and says so by its exit code', async () => {
    const request = `POST ${server.url}/atomic/{id}`;

    const run = await check('--request', request, '--limit', '1000', '--calls', '50', '--output', output);

    expect(run.code).toBe(1);
    expect(verdictOf(run).slice(1)).toEqual([
      'limit:   not decidable: 50 calls never met it',
      expect.anything(),
      'not decidable',
    ]);
  });

  it('cannot decide on one caller, whose increments never meet', async () => {
    const run = await checkServer('read-then-write', '--concurrency', '1', '--calls', '10');

    expect(run.code).toBe(1);
    expect(verdictOf(run)[0]).toBe('atomic:  not decidable: 10 increments of 1 counter, of which no two overlapped');
  });

  it.each<[Behaviour, ...string[]]>([
    ['keyed-late', '--key-header', 'idempotency-key'],
    ['past-limit', '--key-header', 'idempotency-key'],
    ['atomic', '--by', '3'],
    ['striped', '--sharded'],
  ])('decides on the recorded history as it did: %s', async (behaviour, ...args) => {
    const asked = await checkServer(behaviour, '--limit', '20', ...args);
    const calls = server.requests();

    const again = await check('--history', output);

    expect(again.code).toBe(asked.code);
    expect(again.lines.join('\n')).toBe(asked.lines.slice(asked.lines.indexOf(again.lines[0] ?? ''), -2).join('\n'));
    expect(server.requests()).toBe(calls);
  });

  it('says in one line why the first call was not counted, and shows no header that it sent', async () => {
    const port = await freePort();
    const nobody = `http://127.0.0.1:${port}`;
    const request = (url: string): string[] => ['--request', `POST ${url}/{id}`, '--header', 'x-api-key: secret'];

    const runs = await Promise.all([
      check(...request(nobody)),
      check(...request(`${server.url}/atomic`), '--value', '$.value'),
      check(...request(`${server.url}/past-limit`), '--value', 'counter'),
    ]);

    expect(runs.map(({ code, lines, errors }) => [code, lines, errors])).toEqual([
      [1, [''], [`POST ${nobody}/{id} didn't count the first call: connect ECONNREFUSED 127.0.0.1:${port}`]],
      [
        1,
        [''],
        [`POST ${server.url}/atomic/{id} must answer with a 2xx and a value at $.value, got 200 {"counter":1}`],
      ],
      [1, [''], [`--value must be a path such as '$.counter' or '$.items[0].n', or 'header:NAME', got "counter"`]],
    ]);
  });

  it('says in one line what is wrong with a history', async () => {
    const file = path.join(folder, 'wrong.json');
    writeFileSync(file, '{"schemaVersion":1,"counters":[{"id":7}]}');

    const run = await check('--history', file);

    expect([run.code, run.errors]).toEqual([1, [`${file}: counters[0].id must be a string, got 7`]]);
  });

  it('writes no header into the history', async () => {
    await checkServer('atomic', '--header', 'x-api-key: secret', '--calls', '20');

    expect(readFileSync(output, 'utf8')).not.toContain('secret');
  });
});
