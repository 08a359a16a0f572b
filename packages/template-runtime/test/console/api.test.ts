import type {
  Charts,
  EventPage,
  ExecutionDetails,
  ExecutionLogs,
  ExecutionPage,
  MachineDetails,
  MachineRow,
  StayPage,
} from '../../console/shapes';
import { apiClient } from '../../../../test/local/api-client';
import { BATCH, type DemoSystem, FAILING, INCREMENT, ORDERS, startDemoSystem } from './demo-system';

let system: DemoSystem;
let client: ReturnType<typeof apiClient>;
beforeEach(async () => {
  system = await startDemoSystem();
  client = apiClient({ port: system.port, apiKey: '' });
});
afterEach(async () => {
  client.close();
  await system.close();
});

const get = async <T>(path: string): Promise<T> => {
  const { status, body } = await client.call(`/console/api/${path}`, { method: 'GET' });
  expect(status).toBe(200);
  return body as T;
};
const status = async (path: string, method = 'GET'): Promise<number> => (await client.call(path, { method })).status;
const JSON_TYPE = { 'Content-Type': 'application/json' };
const post = (body: unknown, headers: Readonly<Record<string, string>> = JSON_TYPE) =>
  client.call('/console/api/executions', { headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('the list of executions', () => {
  it('has store, counter id, outcome and status of each, the latest first', async () => {
    await system.increment('redis', 'votes');
    await system.increment('dynamo', 'full');
    await system.stepFunctions.startSyncExecution({ stateMachineArn: FAILING, input: '{"id":"apples"}' });

    const { rows, total, matching } = await get<ExecutionPage>('executions');

    expect(rows).toMatchObject([
      { machine: 'Failing', status: 'FAILED', outcome: 'OutOfStock', counterId: 'apples' },
      { machine: 'Increment', status: 'SUCCEEDED', outcome: 'limit-reached', store: 'dynamo', counterId: 'full' },
      { machine: 'Increment', status: 'SUCCEEDED', outcome: 'incremented', store: 'redis', counterId: 'votes' },
    ]);
    expect([total, matching]).toEqual([3, 3]);
  });

  it.each([
    ['status', 'status=FAILED', ['apples']],
    ['outcome', 'outcome=incremented', ['votes']],
    ['store', 'store=dynamo', ['full']],
    ['state machine', `machine=${INCREMENT}`, ['full', 'votes']],
    ['text in an input, in any case', 'search=VOTES', ['votes']],
    ['text in a cause', 'search=no%20more', ['apples']],
    ['several at once', 'store=dynamo&outcome=incremented', []],
  ])('is narrowed by %s', async (_, query, ids) => {
    await system.increment('redis', 'votes');
    await system.increment('dynamo', 'full');
    await system.stepFunctions.startSyncExecution({ stateMachineArn: FAILING, input: '{"id":"apples"}' });

    const { rows, total, choices } = await get<ExecutionPage>(`executions?${query}`);

    expect(rows.map(({ counterId }) => counterId)).toEqual(ids);
    expect(total).toBe(3);
    expect(choices).toEqual({ outcome: ['OutOfStock', 'incremented', 'limit-reached'], store: ['dynamo', 'redis'] });
  });

  it('takes the id of an event for no counter', async () => {
    const input = '{"detail-type":"CloudFormation Stack Status Change","id":"1"}';
    await system.stepFunctions.startSyncExecution({ stateMachineArn: FAILING, input });

    const { rows } = await get<ExecutionPage>('executions');

    expect(rows.map(({ counterId }) => counterId)).toEqual([undefined]);
  });

  it('turns pages that new executions do not move', async () => {
    for (const id of ['1', '2', '3', '4', '5']) await system.increment('redis', id);
    const first = await get<ExecutionPage>('executions?size=2');
    await system.increment('redis', '6');

    const second = await get<ExecutionPage>(`executions?size=2&from=${first.next}`);

    expect(second.rows.map(({ counterId }) => counterId)).toEqual(['3', '2']);
    expect(second).toMatchObject({ before: 3, matching: 6 });
  });

  it('says so when the executions of a page have dropped off', async () => {
    expect(await status('/console/api/executions?from=arn:gone')).toBe(410);
  });
});

describe('one execution', () => {
  it('has its path, input and output', async () => {
    const arn = await system.increment('redis', 'votes');

    const execution = await get<ExecutionDetails>(`execution?arn=${arn}`);

    expect(execution.states.map(({ name }) => name)).toEqual([
      'Which store?',
      'Increment in Redis below the limit',
      'Incremented in Redis?',
      'Incremented in Redis',
    ]);
    expect(execution.path).toContainEqual({
      from: 'Increment in Redis below the limit',
      to: 'Incremented in Redis?',
      times: 1,
    });
    expect(JSON.parse(execution.input)).toMatchObject({ store: 'redis', id: 'votes' });
    expect(JSON.parse(execution.output ?? '')).toMatchObject({ outcome: 'incremented', counter: 1 });
    expect(JSON.parse(execution.definition)).toHaveProperty('StartAt');
  });

  it('has events that can be searched by type, state and payload', async () => {
    const arn = await system.increment('redis', 'votes');
    const types = async (search: string): Promise<string[]> =>
      (await get<EventPage>(`events?arn=${arn}&search=${search}`)).rows.map(({ type }) => type);

    expect(await types('lambdafunction')).toEqual([
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
    ]);
    expect(await types('Incremented%20in%20Redis%3F')).toContain('ChoiceStateEntered');
    expect(await types('%22counter%22:1')).toContain('LambdaFunctionSucceeded');
    expect(await types('nowhere')).toEqual([]);
  });

  it('has the events of one stay alone', async () => {
    const arn = await system.increment('redis', 'votes');
    const state = encodeURIComponent('Increment in Redis below the limit');

    const { rows } = await get<EventPage>(`events?arn=${arn}&state=${state}&visit=0`);

    expect(rows.map(({ type }) => type)).toEqual([
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
    ]);
    expect((await get<EventPage>(`events?arn=${arn}&state=${state}&visit=1`)).matching).toBe(0);
  });

  it('has its counter’s value and limit, where they are known', async () => {
    const counted = await get<ExecutionDetails>(`execution?arn=${await system.increment('redis', 'votes')}`);
    const refused = await get<ExecutionDetails>(`execution?arn=${await system.increment('dynamo', 'full')}`);

    expect([counted.counter, counted.max]).toEqual([1, 10]);
    expect([refused.counter, refused.max]).toEqual([undefined, 10]);
  });

  it('has its stays, which can be sorted and paged', async () => {
    const { executionArn: arn } = await system.stepFunctions.startSyncExecution({
      stateMachineArn: BATCH,
      input: '[3,2,1]',
    });
    const inShort = async (query: string): Promise<string[]> =>
      (await get<StayPage>(`stays?arn=${arn}&${query}`)).rows.map(({ state, visit }) => `${state} ${visit}`);

    expect(await inShort('size=3')).toEqual(['Each 0', 'Is it negative? 0', 'Double it 0']);
    expect(await inShort('sort=state&from=4&size=3')).toEqual([
      'Is it negative? 0',
      'Is it negative? 1',
      'Is it negative? 2',
    ]);
    expect(await inShort('sort=type&order=descending&size=1')).toEqual(['Double it 0']);
    expect(await status(`/console/api/stays?arn=${arn}&sort=colour`)).toBe(400);
  });

  it('has its log events, or says why there are none', async () => {
    const { executionArn } = await system.stepFunctions.startSyncExecution({ stateMachineArn: FAILING });
    const logged = await get<ExecutionLogs>(`logs?arn=${await system.increment('dynamo', 'votes')}`);

    const [part] = logged.parts;
    expect(part?.lines.map(({ message }) => (JSON.parse(message) as { type: string }).type).at(-1)).toBe(
      'ExecutionSucceeded',
    );
    expect((await get<ExecutionLogs>(`logs?arn=${executionArn}`)).parts).toEqual([
      { title: 'Execution', note: 'No logs: the log level of its state machine is OFF.', lines: [] },
    ]);
  });

  it('is 404 where it is not in memory', async () => {
    expect(await status('/console/api/execution?arn=arn:aws:states:eu-west-1:123456789012:execution:M:gone')).toBe(404);
  });
});

describe('the state machines', () => {
  it('are listed with their executions', async () => {
    await system.increment('redis', 'votes');

    const machines = await get<MachineRow[]>('machines');

    expect(machines).toMatchObject([
      { name: 'Increment', type: 'EXPRESS', executions: 1, running: 0 },
      { name: 'Orders', type: 'STANDARD', executions: 0 },
      { name: 'Failing', type: 'EXPRESS', executions: 0 },
      { name: 'Read', type: 'EXPRESS', executions: 0 },
      { name: 'Batch', type: 'EXPRESS', executions: 0 },
    ]);
  });

  it('have a definition, and the latest input to begin with', async () => {
    await system.increment('redis', 'votes');

    const machine = await get<MachineDetails>(`machine?arn=${INCREMENT}`);

    expect(JSON.parse(machine.latestInput ?? '')).toMatchObject({ id: 'votes' });
    expect(machine.definition).toContain('Which store?');
    expect(await status('/console/api/machine?arn=arn:gone')).toBe(404);
  });
});

describe('the metrics', () => {
  it('count per store what the metric filters see, and how long executions took', async () => {
    await system.increment('dynamo', 'a');
    await system.increment('dynamo', 'b');
    await system.increment('redis', 'a');

    const { charts, steps } = await get<Charts>('metrics?minutes=5');

    const sums = charts.map(({ title, lines }) => [
      title,
      Object.fromEntries(
        lines.map(({ store, values }) => [store, values.reduce<number>((sum, v) => sum + (v ?? 0), 0)]),
      ),
    ]);
    expect(sums[0]).toEqual(['Increments', { dynamo: 2 }]);
    expect(charts.map(({ title }) => title)).toEqual([
      'Increments',
      'Limits reached',
      'Not counted',
      'Unknown',
      'Latency, median',
      'Latency, 95th percentile',
    ]);
    expect(charts[4]?.lines.map(({ store, values }) => [store, values.length])).toEqual([
      ['dynamo', steps],
      ['redis', steps],
    ]);
  });

  it('leave out what a client took for a store', async () => {
    await system.increment('redis', 'a');
    await system.increment('no-such-store', 'a');

    const { charts } = await get<Charts>('metrics?minutes=5');

    expect(charts[4]?.lines.map(({ store }) => store)).toEqual(['redis']);
  });
});

describe('starting an execution', () => {
  const input = '{"store":"redis","id":"started","useConditionalWrites":false}';

  it('waits for the end of an Express one', async () => {
    const { status: code, body } = await post({ stateMachineArn: INCREMENT, input });

    const execution = await get<ExecutionDetails>(`execution?arn=${String(body?.['executionArn'])}`);
    expect(code).toBe(201);
    expect(execution.status).toBe('SUCCEEDED');
  });

  it('does not wait for a Standard one', async () => {
    const { body } = await post({ stateMachineArn: ORDERS, input: '{"customer":"refused","items":[]}', name: 'mine' });

    expect(body?.['executionArn']).toBe('arn:aws:states:eu-west-1:123456789012:execution:Orders:mine');
  });

  it.each([
    ['an input that is no JSON', { stateMachineArn: INCREMENT, input: '{' }, 400, 'InvalidExecutionInput'],
    ['an unknown machine', { stateMachineArn: 'arn:gone', input }, 400, 'StateMachineDoesNotExist'],
    ['an input that is no text', { stateMachineArn: INCREMENT, input: {} }, 400, 'input must be a string'],
    ['a body that is no JSON', '{', 400, 'must be JSON'],
    ['a body that is too long', JSON.stringify({ input: 'x'.repeat(3_000_000) }), 413, 'at most'],
  ])('refuses %s', async (_, sent, code, message) => {
    const answer = await post(sent);

    expect(answer.status).toBe(code);
    expect(answer.body?.['message']).toContain(message);
  });

  it.each([
    ['another origin', { ...JSON_TYPE, Origin: 'http://evil.example' }, 403],
    ['another port of this machine', { ...JSON_TYPE, Origin: 'http://127.0.0.1:1' }, 403],
    ['a page without an origin', { ...JSON_TYPE, Origin: 'null' }, 403],
    ['another site, by fetch metadata', { ...JSON_TYPE, 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['a text, which needs no preflight', { 'Content-Type': 'text/plain; application/json' }, 415],
    ['nothing that says what it is', {}, 415],
  ])('is refused to %s, and nothing starts', async (_, headers, code) => {
    const answer = await post({ stateMachineArn: INCREMENT, input }, headers);

    expect(answer.status).toBe(code);
    expect(system.stepFunctions.executions()).toHaveLength(0);
  });

  it('is open to the own page', async () => {
    const origin = `http://127.0.0.1:${system.port}`;

    const answer = await post(
      { stateMachineArn: INCREMENT, input },
      { ...JSON_TYPE, Origin: origin, 'Sec-Fetch-Site': 'same-origin' },
    );

    expect(answer.status).toBe(201);
  });
});

describe('stopping an execution', () => {
  const stop = (body: unknown, headers = JSON_TYPE) =>
    client.call('/console/api/stop', { headers, body: JSON.stringify(body) });
  const startWaiting = async (): Promise<string> => {
    const input = '{"customer":"refused","items":[]}';
    return (await system.stepFunctions.startExecution({ stateMachineArn: ORDERS, input })).executionArn;
  };

  it('ends it as aborted, with the error and the cause that are given', async () => {
    const executionArn = await startWaiting();

    const answer = await stop({ executionArn, error: 'Enough', cause: 'Nobody comes' });

    expect(answer.status).toBe(200);
    expect(await get<ExecutionDetails>(`execution?arn=${executionArn}`)).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'Nobody comes',
    });
  });

  it.each([
    ['an execution that has ended', () => system.increment('redis', 'votes'), {}, 409],
    ['one that is unknown', () => Promise.resolve('arn:aws:states:eu-west-1:123456789012:execution:M:gone'), {}, 400],
    ['an error that is no text', startWaiting, { error: 1 }, 400],
    ['an error that is too long', startWaiting, { error: 'x'.repeat(257) }, 400],
  ])('refuses %s', async (_, arn, more, code) => {
    expect((await stop({ executionArn: await arn(), ...more })).status).toBe(code);
  });

  it('is refused to another origin', async () => {
    const executionArn = await startWaiting();

    const answer = await stop({ executionArn }, { ...JSON_TYPE, Origin: 'http://evil.example' } as typeof JSON_TYPE);

    expect(answer.status).toBe(403);
    expect(await get<ExecutionDetails>(`execution?arn=${executionArn}`)).toMatchObject({ status: 'RUNNING' });
  });
});

describe('what is served', () => {
  it('is a page that may load and call nothing but its own origin', async () => {
    const { status: code, headers } = await client.call('/console', { method: 'GET' });

    expect(code).toBe(200);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it.each([
    ['an unknown file', '/console/main.ts', 'GET', 404],
    ['an unknown part of the API', '/console/api/secrets', 'GET', 404],
    ['a name that every object has', '/console/api/toString', 'GET', 404],
    ['a write to a read', '/console/api/machines', 'DELETE', 405],
    ['a write to a file', '/console/page.js', 'POST', 405],
    ['a number that is none', '/console/api/executions?size=many', 'GET', 400],
    ['a missing parameter', '/console/api/execution', 'GET', 400],
  ])('is not %s', async (_, path, method, code) => {
    expect(await status(path, method)).toBe(code);
  });

  it('is nothing outside /console', async () => {
    for (const path of ['/consoles', '//', '/']) expect(await status(path)).toBe(404);
  });
});
