import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Local, startLocal } from '../../local/main';
import { apiClient } from './api-client';
import { assembly, type EditableTemplate, editedAssembly, type Mode, resourcesOf } from './assembly';

/** The one resource of a type whose logical id begins with `prefix`. */
function resource(template: EditableTemplate, type: string, prefix = ''): EditableTemplate['Resources'][string] {
  const [first, ...more] = resourcesOf(template, type).filter(([id]) => id.startsWith(prefix));
  if (!first || more.length > 0) throw new Error(`${more.length + 1} resources are a ${type} ${prefix}…`);
  return first[1];
}

/** Replaces text in a property, through the intrinsic functions that it is made of. */
function replaceText<T>(value: T, from: string, to: string): T {
  const before = JSON.stringify(value);
  const escape = (text: string): string => JSON.stringify(text).slice(1, -1);
  const after = before.replaceAll(escape(from), escape(to));
  if (after === before) throw new Error(`nothing to replace: ${from}`);
  return JSON.parse(after) as T;
}

interface System {
  readonly local: Local;
  readonly api: ReturnType<typeof apiClient>;
}

/** Runs the template with one edit of its JSON, for as long as `use` takes. */
async function withEdited(
  edit: (template: EditableTemplate) => void,
  use: (system: System) => Promise<void>,
  { mode = 'unconditional', editFiles }: { mode?: Mode; editFiles?: (folder: string) => void } = {},
): Promise<void> {
  const { folder, remove } = editedAssembly(await assembly(mode), edit);
  editFiles?.(folder);
  try {
    const local = await startLocal({ assembly: folder });
    const api = apiClient(local);
    try {
      await use({ local, api });
    } finally {
      api.close();
      await local.close();
    }
  } finally {
    remove();
  }
}

jest.setTimeout(60_000);

describe('the running system follows an edit of the synthesized template', () => {
  it('of a route', async () => {
    await withEdited(
      (template) => {
        resource(template, 'AWS::ApiGateway::Method', 'CounterApistoreidPOST').Properties['HttpMethod'] =
          'PUT' as never;
      },
      async ({ local, api }) => {
        const headers = { 'x-api-key': local.apiKey };

        const put = await api.call('/prod/dynamo/votes', { method: 'PUT', headers });
        const post = await api.call('/prod/dynamo/votes', { method: 'POST', headers });

        expect(put.body).toMatchObject({ counter: 1 });
        expect([post.status, post.headers['allow']]).toEqual([405, 'GET, POST, OPTIONS']); // this part is as it was
      },
    );
  });

  it('of the throttle', async () => {
    await withEdited(
      (template) => {
        resource(template, 'AWS::ApiGateway::UsagePlan').Properties['Throttle'] = {
          BurstLimit: 3,
          RateLimit: 0.001,
        } as never;
      },
      async ({ api }) => {
        const statuses = [];
        for (let call = 0; call < 5; call += 1) statuses.push((await api.post('dynamo/votes')).status);

        expect(statuses).toEqual([200, 200, 200, 429, 429]);
      },
    );
  });

  it('of a condition in the state machine', async () => {
    await withEdited(
      (template) => {
        const machine = resource(template, 'AWS::StepFunctions::StateMachine', 'IncrementWorkflow');
        machine.Properties = replaceText(
          machine.Properties,
          "$states.input.store = 'dynamo' %}",
          "$states.input.store = 'ledger' %}",
        );
      },
      async ({ api }) => {
        const dynamo = await api.post('dynamo/votes');
        const ledger = await api.post('ledger/votes');

        expect(dynamo.status).toBe(404);
        expect(ledger.body).toMatchObject({ counter: 1 });
      },
    );
  });

  it('of a status in the response template', async () => {
    await withEdited(
      (template) => {
        const method = resource(template, 'AWS::ApiGateway::Method', 'CounterApistoreidPOST');
        method.Properties = replaceText(method.Properties, '#set($status = 200)', '#set($status = 201)');
      },
      async ({ api }) => {
        expect((await api.post('dynamo/votes')).status).toBe(201);
      },
    );
  });

  it('of the state that reads, which the increments do not notice', async () => {
    await withEdited(
      (template) => {
        const machine = resource(template, 'AWS::StepFunctions::StateMachine', 'ReadWorkflow');
        machine.Properties = replaceText(machine.Properties, '#c":"atomic_counter"', '#c":"another_field"');
      },
      async ({ api }) => {
        const counted = await api.post('dynamo/votes');
        const read = await api.get('dynamo/votes');

        expect(counted.body).toMatchObject({ counter: 1 });
        expect(read.body).toMatchObject({ counter: 0 });
      },
    );
  });

  it('of the limit in the request template', async () => {
    await withEdited(
      (template) => {
        const method = resource(template, 'AWS::ApiGateway::Method', 'CounterApistoreidPOST');
        method.Properties = replaceText(method.Properties, '#set($max = "20")', '#set($max = "1")');
      },
      async ({ api }) => {
        const statuses = [];
        for (let call = 0; call < 2; call += 1) statuses.push((await api.post('redis/votes')).status);

        expect(statuses).toEqual([200, 409]);
      },
      { mode: 'conditional' },
    );
  });

  it("of a metric filter's pattern", async () => {
    await withEdited(
      (template) => {
        const filter = resource(template, 'AWS::Logs::MetricFilter', 'CounterMetricsDynamoDBIncrements');
        filter.Properties = replaceText(filter.Properties, 'Incremented in DynamoDB', 'Limit reached in DynamoDB');
      },
      async ({ api }) => {
        await api.post('dynamo/votes');

        const { text } = await api.call('/_local/metrics?limit=10000', { method: 'GET' });
        const { dataPoints } = JSON.parse(text) as { dataPoints: { metricName: string }[] };

        expect(dataPoints.map(({ metricName }) => metricName)).toEqual(['CounterValue']);
      },
    );
  });

  it("of the rule's event pattern: nothing starts the setup, and nothing is counted without it", async () => {
    await withEdited(
      (template) => {
        const rule = resource(template, 'AWS::Events::Rule', 'SetupWorkflowStackCreated');
        rule.Properties = replaceText(rule.Properties, 'CREATE_COMPLETE', 'ROLLBACK_COMPLETE');
      },
      async ({ local, api }) => {
        expect(local.setup).toBeUndefined();
        expect((await api.post('docdb/votes')).status).toBe(503);
        expect((await api.post('tidb/votes')).status).toBe(503);
        expect((await api.post('dynamo/votes')).status).toBe(200);
      },
    );
  });

  it("of a function's timeout", async () => {
    await withEdited(
      (template) => {
        resource(template, 'AWS::Lambda::Function', 'RedisIncrement').Properties['Timeout'] = 1 as never;
      },
      async ({ local, api }) => {
        await api.post('redis/votes');
        await local.stores['redis']?.freeze();

        const { status } = await api.post('redis/votes');
        const log = await api.call('/_local/logs?limit=100000', { method: 'GET' });

        expect(status).toBe(504);
        expect(log.text).toContain('Task timed out after 1.00 seconds');
      },
    );
  });

  it("of a function's environment", async () => {
    await withEdited(
      (template) => {
        const redis = resource(template, 'AWS::Lambda::Function', 'RedisIncrement');
        redis.Properties['Environment'] = { Variables: { STORE_SECRET: 'no-such-secret' } } as never;
      },
      async ({ api }) => {
        expect((await api.post('redis/votes')).status).toBe(503);
        expect((await api.post('tidb/votes')).status).toBe(200);
      },
    );
  });

  it("of a function's code", async () => {
    await withEdited(
      () => undefined,
      async ({ api }) => {
        expect((await api.post('redis/votes')).body).toMatchObject({ counter: 4711 });
      },
      {
        editFiles: (folder) => {
          for (const name of readdirSync(folder).filter((entry) => entry.startsWith('asset.'))) {
            const file = path.join(folder, name, 'index.js');
            if (!readFileSync(file, 'utf8').includes('EVALSHA') && !readFileSync(file, 'utf8').includes('evalsha'))
              continue;
            writeFileSync(file, 'exports.handler = async () => ({ outcome: "incremented", counter: 4711 });');
          }
        },
      },
    );
  });

  it('that it can not emulate: it does not start, and names the resource and the field', async () => {
    const { folder, remove } = editedAssembly(await assembly('unconditional'), (template) => {
      resource(template, 'AWS::DynamoDB::Table').Properties['StreamSpecification'] = { StreamViewType: 'x' } as never;
    });

    await expect(startLocal({ assembly: folder })).rejects.toThrow(
      /^DynamoCounters\w+ \(AWS::DynamoDB::Table\) StreamSpecification: is not emulated$/,
    );
    remove();
  });
});
