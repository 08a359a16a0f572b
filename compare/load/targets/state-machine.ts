import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { SFNClient, type SFNClientConfig, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { StateMachineTarget } from '../job';
import { counterOf } from '../value-path';
import { type Answer, type Caller, reasonOf, wasNeverSent } from './caller';
import { freshKeys } from './keys';
import { refusal, refusedAt } from './refusal';

/** Names of errors by which AWS refuses a call for its rate, before anything is started. */
const THROTTLED = new Set(['ThrottlingException', 'TooManyRequestsException', 'KmsThrottlingException']);

/**
 * Calls an Express state machine by the unmodified SDK, one attempt a call: a second would count twice.
 *
 * An endpoint of one's own has no host with `sync-` in front, and takes any credentials (docs/step-functions.md).
 */
export function openStateMachine(
  { arn, region, endpoint, input, keyed = false }: StateMachineTarget,
  timeoutMs: number,
): Caller {
  const agent = { keepAlive: true, maxSockets: Infinity };
  const own: SFNClientConfig =
    endpoint === undefined
      ? {}
      : {
          endpoint,
          disableHostPrefix: true,
          credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        };
  const client = new SFNClient({
    region,
    ...own,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    }),
  });

  const freshKey = freshKeys();
  return {
    async increment(id, key = freshKey()) {
      try {
        const command = new StartSyncExecutionCommand({
          stateMachineArn: arn,
          input: JSON.stringify({ ...input, id, ...(keyed ? { key } : {}) }),
        });
        const { status, output, error } = await client.send(command);
        return status === 'SUCCEEDED'
          ? answerOfExecution(output)
          : { status: 'unknown', reason: `${status} ${error ?? ''}`.trim() };
      } catch (error) {
        return refusalOf(error);
      }
    },
    close() {
      client.destroy();
      return Promise.resolve();
    },
  };
}

/** What the machine's endings say (state-machines/increment.asl.json). @param output of an execution that succeeded */
export function answerOfExecution(output = '{}'): Answer {
  const told = JSON.parse(output) as { readonly outcome?: unknown; readonly counter?: unknown };
  const { outcome } = told;
  const counter = counterOf(told.counter);
  const reason = `the execution's output is ${output}`;
  switch (outcome) {
    case 'incremented':
      if (counter !== undefined) return { status: 'incremented', counter };
      break;
    case 'replayed':
      if (counter !== undefined) return { status: 'incremented', counter, replayed: true };
      break;
    case 'limit-reached':
      return refusal(refusedAt(told));
    case 'unavailable':
    case 'no-room':
    case 'late':
      return { status: 'not-applied', reason };
    case 'unknown':
      return { status: 'unknown', reason };
  }
  return { status: 'failed', reason };
}

function refusalOf(error: unknown): Answer {
  const reason = error instanceof Error ? `${error.name}: ${reasonOf(error)}` : String(error);
  if (wasNeverSent(error)) return { status: 'not-applied', reason };
  if (!(error instanceof Error)) return { status: 'unknown', reason };
  if (THROTTLED.has(error.name)) return { status: 'throttled', reason: error.name };
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return { status: status >= 400 && status < 500 ? 'failed' : 'unknown', reason };
}
