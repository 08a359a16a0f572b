import { type CheckRequest, readArguments, USAGE } from '../../../tools/check/arguments';

const REQUEST = ['--request', 'POST http://localhost/{id}'];

describe('the arguments of npm run check', () => {
  it('are a request, and defaults for the rest', () => {
    expect(readArguments(REQUEST)).toEqual<CheckRequest>({
      kind: 'measure',
      plan: {
        target: {
          kind: 'http',
          method: 'POST',
          url: 'http://localhost/{id}',
          headers: {},
          valuePath: '$.counter',
          statuses: { limitReached: [], throttled: [429] },
        },
        concurrency: 16,
        durationMs: 5000,
        ids: 1,
        timeoutMs: 10_000,
      },
    });
  });

  it('say where the value stands, and which statuses mean the limit', () => {
    const remaining = ['--remaining', 'header:X-RateLimit-Remaining', '--limit', '20', '--limit-status', '429, 403'];

    const request = readArguments([
      ...REQUEST,
      ...remaining,
      '--header',
      'X-Api-Key:  a:b ',
      '--body',
      '{"id":"{id}"}',
    ]);

    expect(request).toMatchObject({
      plan: {
        limit: 20,
        target: {
          headers: { 'x-api-key': 'a:b' },
          body: '{"id":"{id}"}',
          valuePath: 'header:X-RateLimit-Remaining',
          remainingOf: 20,
          statuses: { limitReached: [429, 403] },
        },
      },
    });
  });

  it('say what each call adds, or that values have no order', () => {
    expect(readArguments([...REQUEST, '--by', '4', '--limit', '20'])).toMatchObject({ plan: { by: 4, limit: 20 } });
    expect(readArguments([...REQUEST, '--sharded'])).toMatchObject({ plan: { sharded: true } });
  });

  it('are listed in the help, all of them', () => {
    expect(readArguments(['--help'])).toEqual({ kind: 'help' });
    expect(USAGE.match(/^ {2}--[a-z-]+/gm)).toHaveLength(18);
  });

  it.each<[readonly string[], string]>([
    [[], "--request is missing: a method and a URL, such as 'POST https://host/{id}'"],
    [
      ['--request', 'http://localhost'],
      `--request must be a method and a URL, such as 'POST https://host/{id}', got "http://localhost"`,
    ],
    [['--request', 'POST ftp://localhost'], expect.stringMatching(/^--request must be /) as string],
    [[...REQUEST, '--header', 'secret'], `--header must be 'NAME: VALUE', got one whose name is ""`],
    [
      [...REQUEST, '--value', 'counter'],
      `--value must be a path such as '$.counter' or '$.items[0].n', or 'header:NAME', got "counter"`,
    ],
    [[...REQUEST, '--value', '$..counter'], expect.stringMatching(/^--value must be a path such as /) as string],
    [[...REQUEST, '--remaining', '$.left'], '--remaining needs --limit: the value is the limit less what remains'],
    [[...REQUEST, '--limit', '0'], '--limit must be a whole number from 1 to 9007199254740991, got "0"'],
    [[...REQUEST, '--limit-status', '429'], '--limit-status needs --limit: the limit that they mean'],
    [
      [...REQUEST, '--limit', '5', '--limit-status', 'many'],
      '--limit-status must be HTTP statuses, such as 409,429, got "many"',
    ],
    [[...REQUEST, '--concurrency', '0'], '--concurrency must be a whole number from 1 to 1000, got "0"'],
    [[...REQUEST, '--duration', '5s'], '--duration must be a number of seconds up to 3600, got "5s"'],
    [[...REQUEST, '--key-header', 'a b'], `--key-header must be a header's name, got "a b"`],
    [
      ['--request', 'POST http://localhost/x', '--key-header', 'k'],
      '--key-header needs {id} in --request: repeats get a counter of their own',
    ],
    [[...REQUEST, '--by', '0'], '--by must be a whole number from 1 to 1000000, got "0"'],
    [[...REQUEST, '--by', '2', '--sharded'], "--by can't be used with --sharded: each shard counts its own values"],
    [[...REQUEST, '--by', '4', '--limit', '3'], '--by 4 is above --limit 3: no call would count'],
    [
      ['--request', 'POST http://localhost/x', '--by', '2'],
      "--by needs {id} in --request: a fresh counter's start is known",
    ],
    [
      ['--request', 'POST http://localhost/x', '--sharded'],
      "--sharded needs {id} in --request: a fresh counter's start is known",
    ],
    [['--request', 'POST http://localhost/x', '--ids', '2'], '--ids 2 needs {id} in --request'],
    [['--history', 'x.json', '--limit', '5'], "--limit can't be used with --history, which calls nothing"],
    [[...REQUEST, '--limits', '5'], "Unknown option '--limits': npm run check -- --help lists the arguments"],
    [
      [...REQUEST, 'five'],
      expect.stringMatching(/^Unexpected argument 'five'.*: npm run check -- --help lists/) as string,
    ],
    [[...REQUEST, '--limit'], expect.stringMatching(/^Option '--limit <value>' argument missing: npm run/) as string],
  ])('are refused in one line that names them: %j', (args, message) => {
    let refusal: unknown;
    try {
      readArguments(args);
    } catch (error) {
      refusal = error;
    }

    expect((refusal as Error).message).toEqual(message);
    expect((refusal as Error).message).not.toContain('\n');
  });

  it('are refused with all that is wrong at once, a line each', () => {
    const args = [
      '--limit',
      '0',
      '--by',
      '0',
      '--duration',
      '5s',
      '--header',
      'secret',
      '--remaining',
      'x',
      '--ids',
      '0',
    ];

    expect(() => readArguments(args)).toThrow(
      new Error(
        [
          "--request is missing: a method and a URL, such as 'POST https://host/{id}'",
          '--limit must be a whole number from 1 to 9007199254740991, got "0"',
          `--remaining must be a path such as '$.counter' or '$.items[0].n', or 'header:NAME', got "x"`,
          '--ids must be a whole number from 1 to 10000, got "0"',
          '--by must be a whole number from 1 to 1000000, got "0"',
          `--header must be 'NAME: VALUE', got one whose name is ""`,
          '--duration must be a number of seconds up to 3600, got "5s"',
        ].join('\n'),
      ),
    );
  });
});
