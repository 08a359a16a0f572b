import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { History } from '../../../compare/exactness';
import { readHistoryFile, writeHistoryFile } from '../../../compare/exactness/history-file';
import { simulatedHistories } from './counter-simulation';

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'history-'));
  file = path.join(folder, 'history.json');
});
afterAll(() => rm(folder, { recursive: true }));

/** A history with its times as the file has them: since its first. */
function sinceFirst({ operations, resets = [], start = 0, ...rest }: History): History {
  const times = [...operations.map(({ invokedAt }) => invokedAt), ...resets.map(({ from }) => from)];
  const first = times.reduce((least, time) => (time < least ? time : least), times[0] ?? 0n);
  return {
    ...rest,
    start,
    operations: operations.map((operation) => ({
      ...operation,
      invokedAt: operation.invokedAt - first,
      completedAt: operation.completedAt - first,
    })),
    resets: resets.map((reset) => ({ ...reset, from: reset.from - first, to: reset.to - first })),
  };
}

describe('the file of a history', () => {
  it('holds all that the checker knows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          simulatedHistories({ resets: true }),
          simulatedHistories({ keys: 5, ownReplays: true, bys: [1, 4] }),
          simulatedHistories({ sharded: true }),
        ),
        async (history) => {
          await writeHistoryFile(file, [{ id: 'votes', history }]);

          expect(await readHistoryFile(file)).toEqual([{ id: 'votes', history: sinceFirst(history) }]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is read by people, too: a line an operation, nanoseconds since the first', async () => {
    const started = 1_234_567_890_123_456_789n;
    await writeHistoryFile(file, [
      {
        id: 'a "b"',
        history: {
          start: 7,
          operations: [
            {
              client: 0,
              invokedAt: started,
              completedAt: started + 41n,
              result: { status: 'incremented', counter: 8 },
              max: 9,
            },
            { client: 1, invokedAt: started + 3n, completedAt: started + 50n, result: { status: 'unknown' } },
          ],
        },
      },
    ]);

    expect((await readFile(file, 'utf8')).split('\n')).toEqual([
      '{"schemaVersion":1,"counters":[',
      '{"id":"a \\"b\\"","start":7,"operations":[',
      '{"client":0,"invokedAtNs":0,"completedAtNs":41,"status":"incremented","counter":8,"max":9},',
      '{"client":1,"invokedAtNs":3,"completedAtNs":50,"status":"unknown"}',
      '],"resets":[]}',
      ']}',
      '',
    ]);
  });

  const operation = { client: 0, invokedAtNs: 5, completedAtNs: 6, status: 'incremented', counter: 1 };
  const of = (counter: object, schemaVersion = 1): object => ({ schemaVersion, counters: [counter] });

  it.each<[string, unknown]>([
    ['the document must be an object, got []', []],
    ['schemaVersion must be 1, got 2', of({}, 2)],
    ['counters must be a list, got undefined', { schemaVersion: 1 }],
    ['counters[0].id must be a string, got 7', of({ id: 7 })],
    ['counters[0].operations must be a list, got undefined', of({ id: 'a' })],
    ['counters[0].start must be a whole number, got "0"', of({ id: 'a', start: '0', operations: [] })],
    ['counters[0].operations[0] must be an object, got 3', of({ id: 'a', operations: [3] })],
    [
      'counters[0].operations[1].completedAtNs must be a whole number from 5, got 4',
      of({ id: 'a', operations: [operation, { ...operation, completedAtNs: 4 }] }),
    ],
    [
      'counters[0].operations[0].status must be one of incremented, limit-reached, not-applied, unknown, read, got "ok"',
      of({ id: 'a', operations: [{ ...operation, status: 'ok' }] }),
    ],
    [
      'counters[0].operations[0].counter must be a whole number, got 1.5',
      of({ id: 'a', operations: [{ ...operation, counter: 1.5 }] }),
    ],
    [
      'counters[0].operations[0].replayed must be true or false, got 1',
      of({ id: 'a', operations: [{ ...operation, replayed: 1 }] }),
    ],
    [
      'counters[0].operations[0].by must be a whole number from 1, got 0',
      of({ id: 'a', operations: [{ ...operation, by: 0 }] }),
    ],
    ['counters[0].sharded must be true or false, got 4', of({ id: 'a', sharded: 4, operations: [] })],
    [
      'counters[0].resets[0].toNs must be a whole number from 3, got undefined',
      of({ id: 'a', operations: [], resets: [{ fromNs: 3 }] }),
    ],
  ])('is refused: %s', async (message, document) => {
    await writeFile(file, JSON.stringify(document));

    await expect(readHistoryFile(file)).rejects.toMatchObject({ message: `${file}: ${message}` });
  });

  it('is refused where it is no JSON, or there is none', async () => {
    await writeFile(file, '{"schemaVersion":1,');

    await expect(readHistoryFile(file)).rejects.toThrow(`${file}: `);
    await expect(readHistoryFile(path.join(folder, 'none.json'))).rejects.toThrow(/none\.json: .*ENOENT/);
  });
});
