import { SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { clientOptions } from './deployment';

/** A check of the deployed stack: the contract's answer and the emulator's. */
export interface Check {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

/** Requests to the API, through the emulator's API Gateway and everything behind it. */
export async function checkApi({ url, apiKey }: { url: string; apiKey: string }): Promise<Check[]> {
  const request = async (method: string, path: string, expected: string, key = apiKey): Promise<Check> => {
    const what = `${method} ${path}${key === apiKey ? '' : ' with a wrong key'}`;
    return { what, expected, actual: await answer(method, url + path, key) };
  };
  return [
    await request('POST', '/dynamo/x', '200, counter 1'),
    await request('POST', '/dynamo/x', '200, counter 2'),
    await request('GET', '/dynamo/x', '200, counter 2'),
    await request('GET', '/dynamo/never-counted', '200, counter 0'),
    await request('POST', '/dynamo/x', '403', 'wrong'),
    await request('POST', '/dynamo/a%20b', '400'),
    await request('POST', '/nowhere/x', '404'),
  ];
}

async function answer(method: string, url: string, apiKey: string): Promise<string> {
  try {
    const response = await fetch(url, {
      method,
      headers: { 'x-api-key': apiKey },
      signal: AbortSignal.timeout(30_000),
    });
    const text = (await response.text()).trim();
    const counter = /"counter":(\d+)/.exec(text)?.[1];
    if (counter !== undefined) return `${response.status}, counter ${counter}`;
    return [200, 500, 502, 504].includes(response.status) ? `${response.status}, ${text}` : String(response.status);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Executions of the deployed state machine through the emulator's Step Functions: how far our states get if its API
 * Gateway doesn't reach them. The second of two below the limit of 1 is refused.
 */
export async function checkStateMachine(endpoint: string, stateMachineArn: string): Promise<Check[]> {
  // The SDK would prepend `sync-` to the host.
  const client = new SFNClient({ ...clientOptions(endpoint), disableHostPrefix: true });
  const execute = async (input: Readonly<Record<string, unknown>>, expected: string): Promise<Check> => {
    const what = `StartSyncExecution ${JSON.stringify(input)}`;
    try {
      const { status, output, error, cause } = await client.send(
        new StartSyncExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
      );
      return { what, expected, actual: status === 'SUCCEEDED' ? summary(output) : `${status}: ${error} ${cause}` };
    } catch (error) {
      return { what, expected, actual: error instanceof Error ? error.message : String(error) };
    }
  };
  try {
    const conditional = { store: 'dynamo', id: 'y', useConditionalWrites: true, max: '1' };
    return [
      await execute({ ...conditional, id: 'z', useConditionalWrites: false }, 'incremented, counter 1'),
      await execute(conditional, 'incremented, counter 1'),
      await execute(conditional, 'limit-reached'),
      await execute({ ...conditional, id: 'a b' }, 'invalid-request'),
      await execute({ ...conditional, store: 'nowhere' }, 'unknown-store'),
    ];
  } finally {
    client.destroy();
  }
}

/**
 * Executes the state machine until an increment has succeeded: emulators start servers of their own on first use, which
 * may take longer than the state machine waits. It increments a counter of its own.
 */
export async function warmUp(endpoint: string, stateMachineArn: string): Promise<void> {
  const client = new SFNClient({ ...clientOptions(endpoint), disableHostPrefix: true });
  const input = JSON.stringify({ store: 'dynamo', id: 'warm-up', useConditionalWrites: false, max: '1' });
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const command = new StartSyncExecutionCommand({ stateMachineArn, input });
      const { output } = await client.send(command).catch(() => ({ output: undefined }));
      if (summary(output).startsWith('incremented')) return;
    }
  } finally {
    client.destroy();
  }
}

function summary(output = '{}'): string {
  const { outcome, counter } = JSON.parse(output) as { outcome?: string; counter?: number };
  if (outcome === undefined) return `output ${output}`;
  return counter === undefined ? outcome : `${outcome}, counter ${counter}`;
}
