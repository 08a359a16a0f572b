import { faultRows, keyedFaultRows, mergeRows } from '../../tools/reliability/tables';

const row = (store: string, server: string, fault: string, run: string): string[] => [
  store,
  server,
  fault,
  'exact',
  run,
];

describe('the tables of a run', () => {
  it('keep what was measured on servers that this run lacked', () => {
    const old = [row('Redis', 'embedded', 'frozen', 'monday'), row('Redis', 'real', 'frozen', 'monday')];

    const merged = mergeRows(old, [row('Redis', 'embedded', 'frozen', 'tuesday')], true);

    expect(merged).toEqual([row('Redis', 'embedded', 'frozen', 'tuesday'), row('Redis', 'real', 'frozen', 'monday')]);
  });

  it('keep no fault that a whole run of the server no longer has, but all others of one that had a part', () => {
    const old = [row('Redis', 'embedded', 'frozen', 'monday'), row('Redis', 'embedded', 'stopped', 'monday')];
    const measured = [row('Redis', 'embedded', 'frozen', 'tuesday')];

    expect(mergeRows(old, measured, true)).toEqual(measured);
    expect(mergeRows(old, measured, false)).toEqual([...measured, row('Redis', 'embedded', 'stopped', 'monday')]);
  });

  it('are in the order of the stores, embedded servers first, whatever was measured last', () => {
    const old = [row('DynamoDB', 'real', 'frozen', 'monday'), row('TiDB', 'embedded', 'frozen', 'monday')];
    const measured = [row('Redis', 'embedded', 'frozen', 'tuesday'), row('DynamoDB', 'embedded', 'frozen', 'tuesday')];

    const order = mergeRows(old, measured, true).map(([store, server]) => `${store} ${server}`);

    expect(order).toEqual(['DynamoDB embedded', 'DynamoDB real', 'Redis embedded', 'TiDB embedded']);
  });

  const counts = { attempted: 4, counted: 2, refused: 1, notApplied: 1, unknown: 0, reads: 3 };
  const one = {
    store: 'redis',
    server: 'embedded',
    fault: 'frozen',
    keyed: false,
    counts,
    violations: [],
    recovery: ['incremented'],
    connections: { afterwards: 0 },
  };

  it('have those of calls with keys to themselves, with what was replayed and what a repeat settled', () => {
    const keyed = { ...one, keyed: true, counts: { ...counts, replayed: 5, unknown: 3 }, settled: 2 };
    const cases = [
      { ...one, mode: 'unconditional' },
      { ...keyed, mode: 'unconditional' },
      { ...keyed, mode: 'conditional', settled: 3, violations: ['replay: a'] },
    ];

    expect(faultRows(cases, 'monday')).toEqual([
      ['Redis', 'embedded', 'frozen', '2', '1', '1', '0', 'exact', 'monday'],
    ]);
    expect(keyedFaultRows(cases, 'monday')).toEqual([
      ['Redis', 'embedded', 'frozen', '4', '10', '2', '6', '5', 'conditional: replay: a', 'monday'],
    ]);
  });

  it('add both modes of a case, and say in which one something was wrong', () => {
    const cases = [
      { ...one, mode: 'unconditional' },
      { ...one, mode: 'conditional', connections: { afterwards: 1 }, violations: ['gap: a|b'] },
    ];

    expect(faultRows(cases, 'monday')).toEqual([
      [
        'Redis',
        'embedded',
        'frozen',
        '4',
        '2',
        '2',
        '0',
        'conditional: gap: a\\|b; conditional: 1 connections left',
        'monday',
      ],
    ]);
  });
});
