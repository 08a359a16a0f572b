import { refuse } from '../../../lib/configuration';
import { parseOptions } from '../../../tools/compare/options';

const parse = (...args: string[]) => {
  const problems: string[] = [];
  const options = parseOptions(args, ['dynamo', 'redis'], problems);
  refuse(problems);
  return options;
};

describe("the comparison's arguments", () => {
  it('default to the deployed stores, both modes, hot and spread counters', () => {
    expect(parse()).toEqual({
      stores: ['dynamo', 'redis'],
      modes: ['unconditional', 'conditional'],
      concurrency: [1, 8, 32],
      rates: [100],
      counters: [1, 100],
      durationMs: 1000,
      rounds: 5,
      latencyMs: 0,
      direct: false,
      output: 'comparison',
    });
  });

  it('are read with their units, in ascending order, each once', () => {
    expect(
      parse('--concurrency', '32, 1,32', '--duration', '1.5s', '--latency=2ms', '--slo', 'p99.9=50ms', '--direct'),
    ).toMatchObject({
      concurrency: [1, 32],
      durationMs: 1500,
      latencyMs: 2,
      slo: { percentile: 99.9, latencyMs: 50 },
      direct: true,
    });
  });

  it('measure numbers of shards, longer and less often', () => {
    expect(parse('--shards', '16,1,4')).toMatchObject({ shards: { counts: [1, 4, 16] }, durationMs: 8000, rounds: 3 });
    expect(parse('--shards=4', '--item-limit=20', '--duration=2s', '--rounds=1')).toMatchObject({
      shards: { counts: [4], itemLimit: 20 },
      durationMs: 2000,
      rounds: 1,
    });
  });

  it('name a deployed stack', () => {
    expect(parse('--url', 'https://example.com/prod/', '--api-key', 'k')).toMatchObject({
      remote: { kind: 'api', url: 'https://example.com/prod', apiKey: 'k' },
    });
    const arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:AtomicCounter-increment';
    expect(parse('--state-machine-arn', arn)).toMatchObject({
      remote: { kind: 'state-machine', arn, region: 'eu-west-1' },
    });
  });

  it.each([
    [['--stores', 'redis,oracle'], '--stores must be among dynamo, redis, momento, docdb, tidb, got "redis,oracle"'],
    [['--modes', 'always'], '--modes must be among unconditional, conditional, got "always"'],
    [['--concurrency', '0'], '--concurrency must be whole numbers from 1 to 1024, with commas between them, got "0"'],
    [['--concurrency', '5000'], '--concurrency must be whole numbers from 1 to 1024'],
    [['--rounds', 'many'], '--rounds must be a whole number from 1 to 1000, got "many"'],
    [['--rounds', '1,2'], '--rounds must be a whole number from 1 to 1000, got "1,2"'],
    [['--duration', '0s'], '--duration must be a time such as 500ms or 2s, got "0s"'],
    [['--latency', '2'], '--latency must be a time such as 2ms, got "2"'],
    [['--slo', 'p99'], '--slo must be a percentile and a time such as p99=50ms, got "p99"'],
    [['--url', 'https://example.com'], '--url needs --api-key'],
    [['--url', 'ftp://example.com', '--api-key', 'k'], "--url must be the stack's ApiUrl"],
    [['--api-key', 'k'], '--api-key goes with --url'],
    [['--state-machine-arn', 'increment'], '--state-machine-arn must be'],
    [['--shards', '0'], '--shards must be whole numbers from 1 to 256, with commas between them, got "0"'],
    [['--shards', '1,512'], '--shards must be whole numbers from 1 to 256'],
    [['--shards', '4', '--item-limit', '1'], '--item-limit must be a whole number from 2 to 1000, got "1"'],
    [['--item-limit', '20'], '--item-limit goes with --shards'],
    [
      ['--shards', '4', '--slo', 'p99=50ms', '--direct', '--stores', 'dynamo'],
      "--shards measures DynamoDB's counters on this machine alone: leave out --slo, --direct, --stores",
    ],
    [['--colour'], "Unknown option '--colour'"],
  ])('are refused where they make no sense: %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });

  it('are refused all at once', () => {
    expect(() => parse('--stores', 'x', '--rounds', '0', '--latency', 'long')).toThrow(
      /--stores .*\n--rounds .*\n--latency /s,
    );
  });

  it('refuse on a deployed stack what only this machine can do', () => {
    expect(() => parse('--url', 'https://example.com', '--api-key', 'k', '--direct', '--latency', '2ms')).toThrow(
      /--direct .*\n--latency /s,
    );
  });
});
