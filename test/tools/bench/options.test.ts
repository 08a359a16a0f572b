import { readBenchOptions } from '../../../tools/bench/options';

const KNOWN = ['path', 'stall', 'restart', 'growth'];
const read = (...args: string[]) => readBenchOptions(args, KNOWN);

describe('the options of a benchmark', () => {
  it('are none by default', () => {
    expect(read()).toEqual({ names: [] });
  });

  it('are names, and how large each is to be', () => {
    expect(read('stall', 'growth', '--keys', '50000', '--calls=20000', '--store', 'tidb')).toEqual({
      names: ['stall', 'growth'],
      keys: 50_000,
      calls: 20_000,
      store: 'tidb',
    });
    expect(read('all', '--baseline', 'HEAD~1', '--keys', '50000')).toEqual({
      names: KNOWN,
      baseline: 'HEAD~1',
      keys: 50_000,
    });
    expect(read('--baseline', 'HEAD~1')).toEqual({ names: [], baseline: 'HEAD~1' });
  });

  it.each([
    ['a name that is none', ['walk'], 'benchmark must be one of all, path, stall, restart, growth, got "walk"'],
    ['an unknown option', ['stall', '--fast'], "Unknown option '--fast'"],
    ['no number', ['stall', '--keys', '1e6'], '--keys must be a whole number from 1 to 100000000, got "1e6"'],
    ['zero', ['growth', '--calls', '0'], '--calls must be a whole number from 1 to 100000000, got "0"'],
    ['too large a number', ['growth', '--calls', '100000001'], '--calls must be a whole number from 1 to 100000000'],
    ['no store', ['stall', '--store', 'sqlite'], '--store must be one of dynamo, redis, momento, docdb, tidb'],
    ['an option without its benchmark', ['--keys', '5'], '--keys is an option of stall: name one of them'],
    [
      "another one's option",
      ['growth', '--store', 'redis'],
      '--store is an option of stall and restart: name one of them',
    ],
  ])('refuse %s in one line', (_what, args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});
