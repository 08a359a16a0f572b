import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createLogs, readMetricFilter, readTransformer } from 'template-runtime/cloudwatch';
import type { TemplateResource } from 'template-runtime/cloudformation';
import {
  awsEndpoint,
  type HttpServer,
  readBody,
  sendJson,
  type Route,
  type ServiceAnswer,
  startHttpServer,
} from 'template-runtime/http';
import { startStepFunctions, type StepFunctions } from 'template-runtime/step-functions';
import { judge } from '../../tools/verify-aws/call';
import { startLaptop } from '../../tools/verify-aws/laptop';
import { callTable } from '../../tools/verify-aws/report';
import { validationGroup } from '../../tools/verify-aws/step-functions-calls';

const root = path.join(__dirname, '..', '..');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let running: ChildProcess | undefined;

/** Runs the script as npm does. */
function verifyAws(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const script = spawn(process.execPath, [path.join(root, 'dist/bin/verify-aws.js'), ...args], {
    cwd: root,
    env: {
      ...{
        PATH: process.env['PATH'],
        AWS_MAX_ATTEMPTS: '1',
        AWS_RETRY_MODE: 'standard',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
      ...{ AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' },
      ...environment,
    },
  });
  running = script;
  let [stdout, stderr] = ['', ''];
  script.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  script.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    script.once('error', reject).once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' };

const answer = (status: number, body: object): ServiceAnswer => ({
  status,
  headers: { 'Content-Type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
});

/** What AWS does otherwise than the laptop. */
interface Aws {
  /** Changes a request before it is answered. */
  edit(action: string, body: string): string;
  /** Answers in place of the laptop. */
  refuse(action: string, body: string): ServiceAnswer | undefined;
  /** Answers what is no call of AWS's JSON protocol. */
  readonly further: Route;
}

const denied = answer(400, { __type: 'AccessDeniedException', message: 'not authorized to perform it' });

interface LogsRequest {
  readonly logEventMessages: string[];
  readonly filterPattern: string;
  readonly transformerConfig: object[];
}

/** The tests of CloudWatch Logs, in the shapes of its API. */
function logsService(action: string, body: string): ServiceAnswer {
  const { logEventMessages, filterPattern, transformerConfig } = JSON.parse(body) as LogsRequest;
  const matches = action === 'TestMetricFilter' ? matcher(filterPattern) : undefined;
  const numbered = logEventMessages.map((eventMessage, index) => ({ eventNumber: index + 1, eventMessage }));
  if (matches) return answer(200, { matches: numbered.filter(({ eventMessage }) => matches(eventMessage)) });
  const transform = transformation(transformerConfig);
  return answer(200, {
    transformedLogs: numbered.map((record) => ({ ...record, transformedEventMessage: transform(record.eventMessage) })),
  });
}

function matcher(FilterPattern: string): (message: string) => boolean {
  const MetricTransformations = [{ MetricName: 'm', MetricNamespace: 'n', MetricValue: '1' }];
  const { pattern } = readMetricFilter(resource({ FilterPattern, LogGroupName: 'g', MetricTransformations }));
  return (message) => pattern.matches(JSON.parse(message));
}

function transformation(config: object[]): (message: string) => string {
  const spelt = JSON.stringify(config).replace(
    /"([a-z])(\w*)":/g,
    (_, first: string, rest: string) => `"${first.toUpperCase()}${rest}":`,
  );
  const transformer = readTransformer(
    resource({ LogGroupIdentifier: 'g', TransformerConfig: JSON.parse(spelt) as unknown }),
  );
  return (message) => {
    const logs = createLogs();
    logs.put('g', 's', message);
    const [event] = logs.events('g');
    if (!event) throw new Error('the event is lost');
    return JSON.stringify(transformer.transform({ event, logGroup: 'g', parsedMessage: JSON.parse(message) }));
  };
}

const resource = (properties: Readonly<Record<string, unknown>>): TemplateResource => ({
  ...{ logicalId: 'Stub', type: 'any', physicalId: 'Stub', attributes: {}, metadata: {} },
  properties,
});

describe('npm run verify:aws', () => {
  let stepFunctions: StepFunctions;
  let server: HttpServer;
  let serve: (service: Partial<Aws>) => void;

  beforeAll(async () => {
    const nothing = { 'arn:': () => Promise.resolve({}) };
    const location = { region: 'eu-west-1', account: '123456789012' };
    stepFunctions = startStepFunctions({ ...location, stateMachines: [], integrations: nothing });
    let route: Route = () => undefined;
    server = await startHttpServer({ port: 0, routes: [(request, response) => route(request, response)] });
    serve = ({ edit = (_, body) => body, refuse = () => undefined, further = () => undefined }) => {
      const services = awsEndpoint({
        AWSStepFunctions: async (action, body) =>
          refuse(action, body) ?? stepFunctions.handle(action, edit(action, body)),
        Logs_20140328: (action, body) =>
          Promise.resolve(refuse(action, body) ?? logsService(action, edit(action, body))),
      });
      route = (request, response) => further(request, response) ?? services(request, response);
    };
  });

  afterAll(async () => {
    await server.close();
    await stepFunctions.close();
  });

  const ask = (args: readonly string[] = [], settings: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    verifyAws(args, {
      ...{ ...CREDENTIALS, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: `http://127.0.0.1:${server.port}` },
      ...{ STORES: 'dynamo', ...settings },
    });

  it('finds that everything agrees, with an input for every rule and an event for every filter', async () => {
    serve({});

    const { code, stdout, stderr } = await ask([], { STORES: 'dynamo,tidb' });

    expect(stderr).toBe('');
    expect(stdout).toMatch(/^ValidateStateMachineDefinition .* 3 .*states:ValidateStateMachineDefinition$/m);
    expect(stdout).toMatch(/^TestState, AtomicCounter-increment: (\d+) calls … \1 agree, 0 differ, 0 not verified$/m);
    expect(stdout).toMatch(/^TestMetricFilter, metric filters: 9 calls … 9 agree, 0 differ, 0 not verified$/m);
    expect(stdout).toContain('TestInvokeMethod is skipped: it needs a deployed API');
    expect(stdout).toMatch(/AWS answers all \d+ calls like the laptop\.\n$/);
    expect(code).toBe(0);
  }, 120_000);

  it('shows in which field AWS answers otherwise, and what it refuses, and fails', async () => {
    const edits = new Map([
      ['TestState', ["$states.input.store = 'dynamo' and $states.input.useConditionalWrites", 'false']],
      ['TestTransformer', ['"destination":"result"', '"destination":"renamed"']],
      ['TestMetricFilter', ['name = \\"Limit reached', 'name = \\"Incremented']],
    ]);
    const diagnostics = [
      { code: 'SCHEMA_VALIDATION_FAILED', severity: 'ERROR', message: 'unknown', location: '/States' },
    ];
    serve({
      edit(action, body) {
        const [text = '', other = ''] = edits.get(action) ?? [];
        return body.replaceAll(text, other);
      },
      refuse(action, body) {
        if (action === 'ValidateStateMachineDefinition') return answer(200, { result: 'FAIL', diagnostics });
        if (!body.includes('name = \\"DynamoDB unavailable')) return undefined;
        return answer(400, { __type: 'InvalidParameterException', message: 'Invalid filter pattern' });
      },
    });

    const { code, stdout, stderr } = await ask();

    const rows = stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
    expect(rows).toEqual(
      expect.arrayContaining([
        'AtomicCounter-read | result | "OK" | "FAIL: SCHEMA_VALIDATION_FAILED unknown /States"',
        'Which store?: rule 7 | nextState | "Increment in DynamoDB below the limit" | "Increment in DynamoDB"',
        'Which store?: rule 7 | output.max | "10" | –',
        expect.stringMatching(
          /^CounterMetricsResourceTransformer\w+: \d+ events \| event \d+, \w+\.renamed \| – \| \{/,
        ),
        expect.stringMatching(
          /^CounterMetricsDynamoDBLimitReached.* \| event \d+, SucceedStateEntered \| "matches" \| –$/,
        ),
        expect.stringMatching(
          /^CounterMetricsDynamoDBLimitReached.* \| event \d+, SucceedStateEntered \| – \| "matches"$/,
        ),
        expect.stringMatching(/ \| refused \| – \| "InvalidParameterException: Invalid filter pattern"$/),
      ]),
    );
    expect(stderr).toMatch(/^Of \d+ calls 6 differ; 0 are not verified\n$/);
    expect(code).toBe(1);
  }, 120_000);

  it('calls it not verified, never agreement, where every call is denied', async () => {
    serve({ refuse: () => denied });

    const { code, stdout, stderr } = await ask();

    expect(stdout).toMatch(/^TestState, AtomicCounter-increment: (\d+) calls … 0 agree, 0 differ, \1 not verified$/m);
    expect(stdout).toContain('AccessDeniedException: not authorized to perform it');
    expect(stderr).toMatch(/^Of (\d+) calls 0 differ; \1 are not verified\n$/);
    expect(code).toBe(1);
  }, 120_000);

  it.each([
    ['ThrottlingException', 'Rate exceeded'],
    ['UnknownOperationException', 'The action is not known'],
    ['InternalFailure', 'Try again later'],
  ])('takes %s for no answer', async (name, message) => {
    serve({ refuse: () => answer(400, { __type: name, message }) });
    const client = new SFNClient({
      ...{ endpoint: `http://127.0.0.1:${server.port}`, region: 'eu-west-1', maxAttempts: 1 },
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
    const laptop = startLaptop({ region: 'eu-west-1', account: '123456789012', stateMachines: [] });
    const machine = { arn: 'a', name: 'machine', type: 'EXPRESS', definition: '{}' } as const;

    const [call] = validationGroup([machine], { client, laptop }).calls;
    const verdict = call && (await judge(call, new AbortController().signal));

    expect(verdict).toEqual({ gap: { what: 'machine', reason: `${name}: ${message}` } });
    client.destroy();
    await laptop.close();
  });

  it('ends at the first answer that the credentials have expired, which all others would be', async () => {
    serve({ refuse: () => answer(400, { __type: 'ExpiredTokenException', message: 'The token is expired' }) });

    const { code, stderr } = await ask();

    expect(stderr).toBe(
      'The AWS credentials have expired: sign in again (aws sso login), or set new ones (The token is expired)\n',
    );
    expect(code).toBe(1);
  }, 120_000);

  it('calls the methods of the API that is named, and compares status and body', async () => {
    const asked: string[] = [];
    serve({
      refuse: () => denied,
      further(request, response) {
        const { method = '', url = '' } = request;
        if (!url.startsWith('/restapis/api1/')) return undefined;
        return (async () => {
          const { pathWithQueryString = '' } = JSON.parse((await readBody(request)) || '{}') as Record<string, string>;
          asked.push(`${method} ${url} ${pathWithQueryString.replace(/\d{10,}/, 'TIME')}`);
          const resources = { item: [{ id: 'r3', path: '/{store}/{id}' }] };
          sendJson(response, 200, method === 'GET' ? resources : { status: 418, body: '{"error":"teapot"}' });
        })();
      },
    });

    const { code, stdout } = await ask(['--api-id', 'api1']);

    expect(asked).toEqual([
      'GET /restapis/api1/resources?limit=500 ',
      ...['POST', 'OPTIONS', 'GET'].flatMap((method) =>
        ['verify-aws-TIME', 'a%20b'].map((id) => `POST /restapis/api1/resources/r3/methods/${method} /dynamo/${id}`),
      ),
    ]);
    expect(stdout).toMatch(/^TestInvokeMethod, REST API api1: 6 calls … 0 agree, 6 differ, 0 not verified$/m);
    expect(stdout).toMatch(/^POST \/dynamo\/verify-aws-\d+ +status +200 +418$/m);
    expect(stdout).toMatch(/^GET \/dynamo\/a%20b +status +400 +418$/m);
    expect(code).toBe(1);
  }, 120_000);

  it('ends at once at Ctrl-C', async () => {
    serve({
      refuse(action) {
        if (action === 'TestState') running?.kill('SIGINT');
        return undefined;
      },
    });

    const { code, stderr } = await ask();

    expect(stderr).toBe('interrupted\n');
    expect(code).toBe(1);
  }, 120_000);

  it('says what is missing', async () => {
    expect(await verifyAws([], CREDENTIALS)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'No AWS region: set AWS_REGION, or AWS_PROFILE to a profile that has one\n',
    });
    const { code, stdout, stderr } = await verifyAws([], { AWS_REGION: 'eu-west-1' });
    expect(stderr).toMatch(
      /^No AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY \(.*\)\n$/,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('refuses an argument that it does not know, and names those that it knows', async () => {
    const refused = await verifyAws(['--api', 'x']);

    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: "Unknown option '--api': known are --api-id ID and --help\n",
    });
  });

  it('only prints its usage when it is asked for help', async () => {
    const { code, stdout, stderr } = await verifyAws(['--help']);

    expect(stdout).toMatch(/^Usage: npm run verify:aws/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('has its calls in docs/second-opinion.md as it prints them', () => {
    const [, ...rows] = callTable([]);

    const page = readFileSync(path.join(root, 'docs', 'second-opinion.md'), 'utf8');
    const [, list = ''] = /<!-- verify-aws -->\n\n- ([^]*?)\n\n<!-- \/verify-aws -->/.exec(page) ?? [];
    const items = list.split('\n- ').map((item) => item.replace(/\s+/g, ' ').replace(/ \(\d+ calls\)/, ''));
    expect(items).toEqual(
      rows.map(([action, asks, , price, needs]) => `**${action}**: ${asks} Price: ${price}. Needs ${needs}.`),
    );
  });
});
