import { checkExactness, recordHistory } from '../../compare/exactness';
import { type Local, startLocal } from '../../local/main';
import { type Answer, apiClient } from './api-client';
import { assembly, type EditedAssembly, editedAssembly, resourcesOf } from './assembly';

const CALLERS = 32;
/** A bound, not a goal: callers go on until the setup has ended. */
const MOST_CALLS = 50;

/** A stack whose creation starts no setup, so that the test can. */
let edited: EditedAssembly;

beforeAll(async () => {
  edited = editedAssembly(await assembly('unconditional'), (template) => {
    for (const [, rule] of resourcesOf(template, 'AWS::Events::Rule')) {
      Object.assign(rule.Properties, { EventPattern: { source: ['nobody'] } });
    }
  });
}, 120_000);

afterAll(() => {
  edited.remove();
});

describe.each(['docdb', 'tidb'])('POST /%s/{id} and the setup', (store) => {
  let local: Local;
  let api: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    local = await startLocal({ assembly: edited.folder });
    api = apiClient(local);
  }, 60_000);

  afterAll(async () => {
    api.close();
    await local.close();
  });

  /** Two executions at once, as when an event is delivered twice. */
  const setUpTwice = async (): Promise<unknown[]> => {
    const machine = local.stepFunctions.stateMachines.find(({ name }) => name.includes('Setup'));
    if (!machine) throw new Error('the template has no setup machine');
    const start = async (): Promise<unknown> => {
      const { executionArn } = await local.stepFunctions.startExecution({ stateMachineArn: machine.arn, input: '{}' });
      const { status, output } = await local.stepFunctions.waitFor(executionArn);
      return { status, output: JSON.parse(output?.text ?? 'null') as unknown };
    };
    return Promise.all([start(), start()]);
  };

  it('refuses every call before it has run, and loses none while it runs twice at once', async () => {
    const recorder = recordHistory();
    const call = async (caller: number): Promise<Answer> => {
      let answer: Answer | undefined;
      await recorder.increment(caller, async () => {
        answer = await api.post(`${store}/votes`);
        if (answer.status === 200) return { status: 'incremented', counter: Number(answer.body?.['counter']) };
        return answer.status === 503 ? { status: 'not-applied' } : { status: 'unknown' };
      });
      if (!answer) throw new Error('no answer');
      return answer;
    };
    const everyCaller = <T>(run: (caller: number) => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: CALLERS }, (_, caller) => run(caller)));

    const before = await everyCaller(call);
    let isSetUp = false;
    const setups = setUpTwice().finally(() => (isSetUp = true));
    await everyCaller(async (caller) => {
      for (let calls = 0; calls < MOST_CALLS && !isSetUp; calls += 1) await call(caller);
    });
    const first = await setups;
    const [after, again] = await Promise.all([everyCaller(call), setUpTwice()]);
    await recorder.read(CALLERS, async () => Number((await api.get(`${store}/votes`)).body?.['counter']));

    expect(checkExactness(recorder.history()).violations).toEqual([]);
    for (const { status, headers, body } of before) {
      expect([status, body?.['retryable'], headers['retry-after']]).toEqual([503, true, expect.any(String)]);
    }
    for (const { status } of after) expect(status).toBe(200);
    const succeeded = { status: 'SUCCEEDED', output: { docdb: 'ready', tidb: 'ready' } };
    expect([...first, ...again]).toEqual([succeeded, succeeded, succeeded, succeeded]);
  }, 60_000);
});
