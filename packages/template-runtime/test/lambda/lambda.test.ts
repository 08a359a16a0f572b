import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../clock';
import { Scope } from '../../scope';
import { lambdaWith, type TestLambda } from './functions';

const opened: TestLambda[] = [];
const start: typeof lambdaWith = (...parameters) => {
  const lambda = lambdaWith(...parameters);
  opened.push(lambda);
  return lambda;
};

afterEach(async () => {
  for (const lambda of opened.splice(0)) await lambda.remove();
});

/** A clock whose delays a test ends. */
function manualClock(): {
  clock: Clock;
  fire(delayMs: number): void;
  pending(delayMs: number): number;
  /** Resolves once a timer of this delay was cancelled. */
  cancelled(delayMs: number): Promise<void>;
} {
  const timers = new Set<{ delayMs: number; callback: () => void }>();
  const watchers: { delayMs: number; resolve: () => void }[] = [];
  const withDelay = (delayMs: number) => Array.from(timers).filter((timer) => timer.delayMs === delayMs);
  return {
    clock: {
      now: Date.now,
      after(delayMs, callback) {
        const timer = { delayMs, callback };
        timers.add(timer);
        return () => {
          timers.delete(timer);
          for (const watcher of watchers) if (watcher.delayMs === delayMs) watcher.resolve();
        };
      },
    },
    fire(delayMs) {
      for (const timer of withDelay(delayMs)) {
        timers.delete(timer);
        timer.callback();
      }
    },
    pending: (delayMs) => withDelay(delayMs).length,
    cancelled: (delayMs) => new Promise((resolve) => watchers.push({ delayMs, resolve })),
  };
}

const echo = { code: 'exports.handler = async (event) => event;' };

describe('invoke', () => {
  it('gives the handler the event and answers with what it returns', async () => {
    const lambda = start({ double: { code: 'exports.handler = async ({ n }) => ({ twice: n * 2 });' } });

    const result = await lambda.invoke('double', '{"n":21}');

    expect(result).toEqual({ payload: '{"twice":42}' });
  });

  it('answers null where the handler returns nothing', async () => {
    const lambda = start({ silent: { code: 'exports.handler = async () => {};' } });

    expect(await lambda.invoke('silent', '{}')).toEqual({ payload: 'null' });
  });

  it.each([
    ['a name', 'echo'],
    ['an ARN', 'arn:aws:lambda:us-east-1:000000000000:function:echo'],
    ['an ARN with its version', 'arn:aws:lambda:us-east-1:000000000000:function:echo:$LATEST'],
    ['a partial ARN', '000000000000:function:echo'],
  ])('finds a function by %s', async (_, name) => {
    const lambda = start({ echo });

    expect(await lambda.invoke(name, '1')).toEqual({ payload: '1' });
  });

  it('refuses a function that the template does not have', async () => {
    const lambda = start({ echo });

    await expect(lambda.invoke('nobody', '{}')).rejects.toMatchObject({
      name: 'Lambda.ResourceNotFoundException',
      message: expect.stringMatching(
        /^Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody \(Service: Lambda, Status Code: 404, Request ID: /,
      ) as string,
    });
  });

  it('runs an ES module and a handler deep in its exports', async () => {
    const lambda = start({
      module: {
        code: 'export const api = { on: { post: async () => "posted" } };',
        file: 'index.mjs',
        properties: { Handler: 'index.api.on.post' },
      },
    });

    expect(await lambda.invoke('module', '{}')).toEqual({ payload: '"posted"' });
  });

  it('lets a bundle load the AWS SDK, which bundles leave out', async () => {
    const lambda = start({
      sdk: {
        code: `const { SecretsManagerClient } = require('@aws-sdk/client-secrets-manager');
          exports.handler = async () => new SecretsManagerClient({}).config.region();`,
      },
    });

    expect(await lambda.invoke('sdk', '{}')).toEqual({ payload: '"us-east-1"' });
  });
});

describe('the context of an invocation', () => {
  it('names the request, the function, its memory and its log', async () => {
    const lambda = start({
      context: { code: 'exports.handler = async (_, context) => context;', properties: { MemorySize: 256 } },
    });

    const context = JSON.parse((await lambda.invoke('context', '{}')).payload) as Record<string, unknown>;

    expect(context).toEqual({
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      functionName: 'context',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:context',
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/context',
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/) as string,
    });
  });

  it('counts the remaining time down from the timeout', async () => {
    const lambda = start({
      remaining: {
        code: 'exports.handler = async (_, context) => context.getRemainingTimeInMillis();',
        properties: { Timeout: 900 },
      },
    });

    const remainingMs = Number((await lambda.invoke('remaining', '{}')).payload);

    expect(remainingMs).toBeGreaterThan(0);
    expect(remainingMs).toBeLessThanOrEqual(900_000);
  });
});

describe('an environment', () => {
  it("has the template's variables and Lambda's, and none of this process", async () => {
    process.env['OF_THE_LAPTOP'] = 'private';
    const lambda = start(
      {
        variables: {
          code: 'exports.handler = async () => process.env;',
          properties: { MemorySize: 512, Environment: { Variables: { STORE: 'redis', MAX: 10 } } },
        },
      },
      { baseEnvironment: { AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:1' } },
    );

    const variables = JSON.parse((await lambda.invoke('variables', '{}')).payload) as Record<string, string>;

    expect(variables).toMatchObject({
      STORE: 'redis',
      MAX: '10',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'variables',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:1',
    });
    expect(variables).not.toHaveProperty('OF_THE_LAPTOP');
    expect(variables).not.toHaveProperty('HOME');
    delete process.env['OF_THE_LAPTOP'];
  });

  it('is started at the first invocation, and used again while it is warm', async () => {
    const lambda = start({ count: { code: 'let calls = 0; exports.handler = async () => ++calls;' } });
    const before = lambda.logOf('count');

    const first = await lambda.invoke('count', '{}');
    const second = await lambda.invoke('count', '{}');

    expect(before).toBe('');
    expect([first.payload, second.payload]).toEqual(['1', '2']);
    expect(lambda.logOf('count').match(/INIT_START/g)).toHaveLength(1);
  });

  it('runs one invocation at a time; further ones get environments of their own, up to the most', async () => {
    const code = `let running = 0; const id = Math.random();
      exports.handler = async () => {
        running += 1;
        await new Promise(setImmediate);
        return { most: running--, id };
      };`;
    const lambda = start({ busy: { code, properties: { Timeout: 60 } } }, { maxEnvironments: 3 });

    const results = await Promise.all(Array.from({ length: 24 }, () => lambda.invoke('busy', '{}')));

    const answers = results.map(({ payload }) => JSON.parse(payload) as { most: number; id: number });
    expect(answers.every(({ most }) => most === 1)).toBe(true);
    expect(new Set(answers.map(({ id }) => id)).size).toBeLessThanOrEqual(3);
  });

  it('knows of a connection that was closed before the invocation', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const code = `const socket = require('node:net').connect(${port}, '127.0.0.1');
      const connected = require('node:events').once(socket, 'connect');
      exports.handler = async () => { await connected; return socket.closed; };`;
    const lambda = start({ connected: { code } });
    const [[connection], before] = await Promise.all([
      once(server, 'connection') as Promise<[Socket]>,
      lambda.invoke('connected', '{}'),
    ]);

    connection.destroy();
    const after = await lambda.invoke('connected', '{}');

    server.close();
    expect([before.payload, after.payload]).toEqual(['false', 'true']);
  });

  it('serves those that wait in the order of their arrival', async () => {
    const lambda = start({ echo }, { maxEnvironments: 1 });
    const served: string[] = [];

    await Promise.all(
      ['1', '2', '3', '4', '5'].map(async (event) => served.push((await lambda.invoke('echo', event)).payload)),
    );

    expect(served).toEqual(['1', '2', '3', '4', '5']);
  });

  it('ends after it was idle for a while, and another is started for the next invocation', async () => {
    const { clock, fire, pending } = manualClock();
    const lambda = start(
      { count: { code: 'let calls = 0; exports.handler = async () => ++calls;' } },
      { clock, idleMs: 1234 },
    );
    await lambda.invoke('count', '{}');
    const pendingWhenIdle = pending(1234);

    fire(1234);
    const next = await lambda.invoke('count', '{}');

    expect(pendingWhenIdle).toBe(1);
    expect(next.payload).toBe('1');
  });

  it('is kept for longer where no other is idle', async () => {
    const { clock, fire } = manualClock();
    // Each invocation of a burst waits for the other's environment, so that there are two.
    const code = `const { readdirSync, writeFileSync } = require('node:fs');
      const name = String(Math.random());
      let calls = 0;
      exports.handler = async (folder) => {
        writeFileSync(folder + '/' + name, '');
        while (readdirSync(folder).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
        return ++calls;
      };`;
    const lambda = start({ count: { code } }, { clock, idleMs: 120_000 });
    const burst = async (): Promise<string[]> => {
      const folder = await mkdtemp(path.join(tmpdir(), 'burst-'));
      const invoke = (): ReturnType<typeof lambda.invoke> => lambda.invoke('count', JSON.stringify(folder));
      const results = await Promise.all([invoke(), invoke()]);
      await rm(folder, { recursive: true });
      return results.map(({ payload }) => payload).sort();
    };

    const first = await burst();
    fire(30_000);
    const second = await burst();
    fire(30_000);
    fire(90_000);
    const third = await burst();

    expect([first, second, third]).toEqual([
      ['1', '1'],
      ['1', '2'],
      ['1', '1'],
    ]);
  });

  it('that ends itself between invocations is replaced', async () => {
    const { clock, cancelled } = manualClock();
    const code = `let calls = 0;
      exports.handler = async () => { setTimeout(() => process.exit(3), 200); return ++calls; };`; // once it is idle
    const lambda = start({ restless: { code } }, { clock, idleMs: 1234 });

    const first = await lambda.invoke('restless', '{}');
    await cancelled(1234);
    const second = await lambda.invoke('restless', '{}');

    expect([first.payload, second.payload]).toEqual(['1', '1']);
  });
});

describe('a function that fails', () => {
  it('by an error: its type, message and trace', async () => {
    const code = `class NotAppliedError extends Error { name = 'NotAppliedError'; }
      exports.handler = async () => { throw new NotAppliedError('refused'); };`;
    const lambda = start({ throwing: { code } });

    const { payload, functionError } = await lambda.invoke('throwing', '{}');

    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload)).toEqual({
      errorType: 'NotAppliedError',
      errorMessage: 'refused',
      trace: expect.arrayContaining([expect.stringContaining('index.js')]) as string[],
    });
    expect(lambda.logOf('throwing')).toMatch(/\tERROR\tInvoke Error \{"errorType":"NotAppliedError"/);
  });

  it('by something that is no error', async () => {
    const lambda = start({ throwing: { code: 'exports.handler = async () => { throw "no error"; };' } });

    const { payload } = await lambda.invoke('throwing', '{}');

    expect(JSON.parse(payload)).toEqual({ errorType: 'string', errorMessage: 'no error', trace: [] });
  });

  it('by taking longer than its timeout: it is ended, and the next invocation gets a new environment', async () => {
    const { clock, fire, pending } = manualClock();
    const code = `let calls = 0;
      exports.handler = async (event) => {
        calls += 1;
        console.log('called');
        if (event.hang) for (;;);
        return calls;
      };`;
    const lambda = start({ slow: { code, properties: { Timeout: 5 } } }, { clock });
    await lambda.invoke('slow', '{}');
    const logged = new Promise<void>((resolve) => {
      lambda.logs.subscribe('/aws/lambda/slow', ({ message }) => message.endsWith('called\n') && resolve());
    });

    const hanging = lambda.invoke('slow', '{"hang":true}');
    await logged;
    const armed = pending(5000);
    fire(5000);
    const { payload, functionError } = await hanging;
    const next = await lambda.invoke('slow', '{}');

    const { errorType, errorMessage } = JSON.parse(payload) as Record<string, string>;
    expect(armed).toBe(1);
    expect(functionError).toBe('Unhandled');
    expect(errorType).toBe('Sandbox.Timedout');
    expect(errorMessage).toMatch(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 5\.00 seconds$/);
    expect(lambda.logOf('slow')).toMatch(/Z [0-9a-f-]{36} Task timed out after 5\.00 seconds\n/);
    expect(lambda.logOf('slow')).toMatch(/REPORT .*\tStatus: timeout\n/);
    expect(next.payload).toBe('1');
  });

  it.each([
    [0, 'Runtime exited without providing a reason'],
    [7, 'Runtime exited with error: exit status 7'],
  ])('by ending its process with %i', async (code, reason) => {
    const lambda = start({ leaving: { code: `exports.handler = async () => process.exit(${code});` } });

    const { payload } = await lambda.invoke('leaving', '{}');

    const { errorType, errorMessage } = JSON.parse(payload) as Record<string, string>;
    expect(errorType).toBe('Runtime.ExitError');
    expect(errorMessage).toMatch(new RegExp(`^RequestId: \\S+ Error: ${reason}$`));
  });

  it('by needing more memory than it has, without harm to others', async () => {
    const code = `const kept = [];
      exports.handler = async () => { for (;;) kept.push({ numbers: Array.from({ length: 100 }, Math.random) }); };`;
    const lambda = start({ hungry: { code, properties: { MemorySize: 128, Timeout: 60 } }, echo });

    const { payload } = await lambda.invoke('hungry', '{}');

    expect(JSON.parse(payload)).toEqual({
      errorType: 'Runtime.OutOfMemory',
      errorMessage: expect.stringMatching(
        /^RequestId: \S+ Error: Runtime exited with error: signal: killed$/,
      ) as string,
    });
    expect(await lambda.invoke('echo', '1')).toEqual({ payload: '1' });
  });

  it.each([
    ['an uncaught exception', 'setImmediate(() => { throw new TypeError("late"); })', 'TypeError', 'late'],
    [
      'an unhandled rejection',
      'void Promise.reject(new Error("late"))',
      'Runtime.UnhandledPromiseRejection',
      'Error: late',
    ],
  ])('by %s', async (_, statement, type, message) => {
    const code = `exports.handler = () => { ${statement}; return new Promise(() => {}); };`;
    const lambda = start({ late: { code } });

    const { payload } = await lambda.invoke('late', '{}');

    expect(JSON.parse(payload)).toMatchObject({ errorType: type, errorMessage: message });
  });

  it.each([
    ['an error while it loads', 'throw new RangeError("at load");', 'RangeError', 'at load'],
    ['a syntax error', 'exports.handler = ;', 'Runtime.UserCodeSyntaxError', "SyntaxError: Unexpected token ';'"],
    ['no handler', 'exports.other = 1;', 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
    [
      'a handler that is no function',
      'exports.handler = 1;',
      'Runtime.HandlerNotFound',
      'index.handler is not a function',
    ],
    ['the end of its process', 'process.exit(5);', 'Runtime.ExitError', 'Runtime exited with error: exit status 5'],
    ['a missing module', 'require("not-there");', 'Runtime.ImportModuleError', "Error: Cannot find module 'not-there'"],
    [
      'a callback',
      'exports.handler = (e, c, callback) => {};',
      'Runtime.CallbackHandlerDeprecated',
      'Handlers with a callback',
    ],
  ])('at its start, by %s', async (_, code, type, message) => {
    const lambda = start({ broken: { code } });

    const { payload, functionError } = await lambda.invoke('broken', '{}');

    const error = JSON.parse(payload) as Record<string, string>;
    expect(functionError).toBe('Unhandled');
    expect(error['errorType']).toBe(type);
    expect(error['errorMessage']).toContain(message);
    expect(lambda.logOf('broken')).toMatch(/INIT_REPORT .*\tStatus: error\tError Type: /);
  });

  it('at its start fails every invocation that waits', async () => {
    const lambda = start({ broken: { code: 'throw new Error("at load");' } }, { maxEnvironments: 2 });

    const results = await Promise.all(Array.from({ length: 5 }, () => lambda.invoke('broken', '{}')));

    expect(results.map(({ functionError }) => functionError)).toEqual(Array(5).fill('Unhandled'));
  });

  it('by an answer that is no JSON', async () => {
    const lambda = start({ circular: { code: 'exports.handler = async () => { const a = {}; a.a = a; return a; };' } });

    const { payload } = await lambda.invoke('circular', '{}');

    expect(JSON.parse(payload)).toMatchObject({
      errorType: 'Runtime.JSONStringifyError',
      errorMessage: 'Unable to stringify response body',
    });
  });

  it('by an answer of more than 6 MB', async () => {
    const lambda = start({ large: { code: 'exports.handler = async () => "x".repeat(6_291_555);' } });

    const { payload } = await lambda.invoke('large', '{}');

    expect(JSON.parse(payload)).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  });
});

describe('concurrency', () => {
  const holding = { code: 'exports.handler = (event) => event.hold ? new Promise(() => {}) : event;' };

  it('beyond what the function has reserved is refused', async () => {
    const lambda = start({ holding: { ...holding, properties: { ReservedConcurrentExecutions: 1 } } });
    const held = lambda.invoke('holding', '{"hold":true}');

    await expect(lambda.invoke('holding', '{}')).rejects.toMatchObject({
      name: 'Lambda.TooManyRequestsException',
      message: expect.stringMatching(/^Rate Exceeded\. \(Service: Lambda, Status Code: 429, /) as string,
    });
    await lambda.close();
    expect((await held).functionError).toBe('Unhandled');
  });

  it('a caller that gives up leaves the queue; what runs goes on', async () => {
    const code = 'const seen = []; exports.handler = async (event) => { seen.push(event); return seen; };';
    const lambda = start({ listing: { code } }, { maxEnvironments: 1 });
    const [running, waiting] = [new Scope(), new Scope()];
    const started = new Promise<void>((resolve) => {
      lambda.logs.subscribe('/aws/lambda/listing', ({ message }) => message.startsWith('START') && resolve());
    });

    const given = Promise.allSettled([
      lambda.invoke('listing', '"runs"', running),
      lambda.invoke('listing', '"waits"', waiting),
    ]);
    await started;
    running.end(new Error('gave up'));
    waiting.end(new Error('gave up'));
    const last = await lambda.invoke('listing', '"last"');

    const refused = { status: 'rejected', reason: new Error('gave up') };
    expect(await given).toEqual([refused, refused]);
    expect(last.payload).toBe('["runs","last"]');
  });

  it('refuses a call whose caller has given up before', async () => {
    const lambda = start({ echo });

    const scope = new Scope();
    scope.end(new Error('gave up'));

    await expect(lambda.invoke('echo', '{}', scope)).rejects.toThrow('gave up');
    expect(lambda.logOf('echo')).toBe('');
  });

  it('nothing is invoked after close', async () => {
    const lambda = start({ echo });
    await lambda.close();

    await expect(lambda.invoke('echo', '{}')).rejects.toMatchObject({ name: 'Lambda.ServiceException' });
  });
});

describe('the log of a function', () => {
  it('has the lines of the runtime around the lines of the function', async () => {
    const code = `exports.handler = async () => {
        console.log('plain %s', 'text');
        console.warn({ careful: true });
        await new Promise((resolve) => process.stdout.write('raw\\n', resolve));
      };`;
    const lambda = start({ talking: { code, properties: { MemorySize: 512 } } });

    await lambda.invoke('talking', '{}');

    const log = lambda.logOf('talking');
    expect(log).toMatch(/^INIT_START .*\nSTART RequestId: [0-9a-f-]{36} Version: \$LATEST\n/);
    expect(log).toMatch(/\n\d{4}-\d\d-\d\dT\S+Z\t[0-9a-f-]{36}\tINFO\tplain text\n/);
    expect(log).toMatch(/\tWARN\t\{ careful: true \}\n/);
    expect(log).toContain('raw\n');
    expect(log).toMatch(
      /\nEND RequestId: \S+\nREPORT RequestId: \S+\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 512 MB\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\n$/,
    );
  });

  it('goes to the group of its LoggingConfig', async () => {
    const lambda = start({ echo: { ...echo, properties: { LoggingConfig: { LogGroup: 'elsewhere' } } } });

    await lambda.invoke('echo', '{}');

    expect(lambda.logs.groups()).toEqual(['elsewhere']);
  });
});

describe('a template that can not be emulated', () => {
  it.each([
    ['Layers', ['arn'], 'is not emulated'],
    ['ImageConfig', {}, 'is not emulated'],
    ['PackageType', 'Image', 'only Zip is emulated'],
    ['Runtime', 'python3.13', 'must be a Node.js runtime, got "python3.13"'],
    ['Handler', 'index', 'must be a file\'s and an export\'s name, got "index"'],
    ['Timeout', 0, 'must be a whole number from 1 to 900, got 0'],
    ['MemorySize', 64, 'must be a whole number from 128 to 10240, got 64'],
  ])('by its %s ends the start with the resource and the field', (field, value, reason) => {
    expect(() => lambdaWith({ odd: { ...echo, properties: { [field]: value } } })).toThrow(
      `odd (AWS::Lambda::Function) ${field}: ${reason}`,
    );
  });

  it('by JSON logs ends the start', () => {
    const properties = { LoggingConfig: { LogFormat: 'JSON' } };

    expect(() => lambdaWith({ odd: { ...echo, properties } })).toThrow('LoggingConfig.LogFormat');
  });
});
