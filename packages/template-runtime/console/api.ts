import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logs } from '../cloudwatch/logs';
import type { Metrics } from '../cloudwatch/metrics';
import { type Execution, ServiceError, type ServedStateMachine, type StepFunctions } from '../step-functions';
import { ApiProblem, sendAnswer, sendIfChanged, sendProblem } from './http/answers';
import { stopExecution } from './executions/actions';
import { type ApiMethod, counterCalls } from './counters/counter-calls';
import { eventPage, executionDetails, visitPage } from './executions/execution-details';
import { ExecutionIndex } from './executions/execution-index';
import { executionLogs } from './executions/execution-logs';
import { MOST_ROWS, polledReads } from './lists';
import { Query } from './http/query';
import { checkSameOrigin } from './http/same-origin';
import { type MachineDetails, type MachineRow, type StartAnswer, STAY_SORTS, type SystemAnswer } from './shapes';
import { readCounterBody, readStartBody } from './executions/start-body';
import { stayPage } from './executions/stays';

type Answer = (query: Query) => unknown;

export interface ConsoleOptions {
  readonly stepFunctions: StepFunctions;
  readonly metrics: Pick<Metrics, 'dataPoints' | 'count'>;
  readonly logs: Pick<Logs, 'events'>;
  /** The methods of the template's API. @default - none */
  readonly apiMethods?: readonly ApiMethod[];
  /** For those that need a key. @default - none */
  readonly apiKey?: string;
  /** Where the states of stores are, and are changed. @default - there are none to be changed */
  readonly storesPath?: string;
}

/**
 * The JSON API behind the page: `GET system | machines | machine | executions | execution | visits | stays | events | logs
 * | counters | metrics | points`; `POST executions`, which starts one, `POST stop`, and `POST reads`, which reads a counter.
 * Shapes: `shapes.ts`.
 */
export function consoleApi({ stepFunctions, metrics, logs, apiMethods = [], apiKey = '', storesPath }: ConsoleOptions) {
  const index = new ExecutionIndex(stepFunctions);
  const counters = counterCalls(apiMethods, apiKey);
  const system: SystemAnswer = {
    calls: counters.calls,
    canRead: counters.canRead,
    ...(storesPath !== undefined && { storesPath }),
  };
  const polled = polledReads(index, metrics);
  const reads: Readonly<Record<string, Answer>> = {
    system: () => system,
    machines: () => machineRows(stepFunctions, index),
    machine: (query) => machineDetails(stepFunctions, query.text('arn')),
    execution: (query) => executionDetails(executionOf(index, query)),
    visits: (query) =>
      visitPage(
        executionOf(index, query),
        query.text('state'),
        query.number('from', 0),
        query.number('size', 1, MOST_ROWS),
      ),
    events: (query) =>
      eventPage(
        executionOf(index, query),
        {
          search: query.texts['search'] ?? '',
          ...(query.texts['state'] !== undefined && {
            place: { state: query.text('state'), visit: query.number('visit', 0) },
          }),
        },
        query.number('from', 0),
        query.number('size', 100, MOST_ROWS),
      ),
    stays: (query) =>
      stayPage(
        executionOf(index, query),
        {
          sort: query.word('sort', STAY_SORTS),
          order: query.word('order', ['ascending', 'descending']),
          from: query.number('from', 0),
          size: query.number('size', 100, MOST_ROWS),
        },
        Date.now(),
      ),
    logs: (query) => executionLogs(executionOf(index, query), logs),
  };

  return async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    parameters: URLSearchParams,
  ): Promise<void> => {
    try {
      if (request.method === 'POST' && path === 'executions') {
        checkSameOrigin(request);
        return sendAnswer(response, 201, await startExecution(stepFunctions, request));
      }
      if (request.method === 'POST' && path === 'reads') {
        checkSameOrigin(request);
        return sendAnswer(response, 200, await counters.read(await readCounterBody(request), index));
      }
      if (request.method === 'POST' && path === 'stop') {
        checkSameOrigin(request);
        return sendAnswer(response, 200, await stopExecution(stepFunctions, request));
      }
      const query = new Query(parameters);
      const poll = request.method === 'GET' && Object.hasOwn(polled, path) ? polled[path] : undefined;
      if (poll) return sendIfChanged(request, response, poll.version(query), () => poll.answer(query));
      const read = Object.hasOwn(reads, path) ? reads[path] : Object.hasOwn(polled, path) && polled[path]?.answer;
      if (!read) throw new ApiProblem(404, `The console's API has no ${path}`);
      if (request.method !== 'GET') throw new ApiProblem(405, `${path} does not take ${request.method}`);
      sendAnswer(response, 200, read(query));
    } catch (error) {
      if (error instanceof ApiProblem) return sendProblem(response, error.status, error.message);
      if (error instanceof ServiceError) return sendProblem(response, error.status, `${error.name}: ${error.message}`);
      throw error;
    }
  };
}

function executionOf(index: ExecutionIndex, query: Query): Execution {
  const arn = query.text('arn');
  const execution = index.get(arn)?.execution;
  if (execution) return execution;
  if (!/^arn:[^:]*:states:[^:]*:[^:]*:(?:express|execution):/.test(arn)) {
    throw new ApiProblem(404, `"${arn}" is no execution's ARN: paste the X-Execution-Arn header of a response`);
  }
  throw new ApiProblem(404, `No execution ${arn} is in memory: it never was here, or has dropped off`);
}

function machineRows({ stateMachines }: StepFunctions, { ofMachine, runningOfMachine }: ExecutionIndex): MachineRow[] {
  return stateMachines.map((machine) => ({
    ...machineOf(machine),
    executions: ofMachine.of(machine.arn),
    running: runningOfMachine.of(machine.arn),
  }));
}

function machineOf({ arn, name, type, createdMs }: ServedStateMachine): Omit<MachineRow, 'executions' | 'running'> {
  return { arn, name, type, createdMs };
}

function machineDetails(stepFunctions: StepFunctions, arn: string): MachineDetails {
  const machine = stepFunctions.stateMachines.find((other) => other.arn === arn);
  if (!machine) throw new ApiProblem(404, `There is no state machine ${arn}`);
  const executions = stepFunctions.executions({ stateMachineArn: arn });
  const [latest] = executions;
  return {
    ...machineOf(machine),
    executions: executions.length,
    running: executions.filter(({ status }) => status === 'RUNNING').length,
    definition: machine.source.definition,
    ...(latest && { latestInput: latest.input.text }),
  };
}

/** Waits for Express machines: on AWS an asynchronous Express execution may run twice. */
async function startExecution(stepFunctions: StepFunctions, request: IncomingMessage): Promise<StartAnswer> {
  const body = await readStartBody(request);
  const machine = stepFunctions.stateMachines.find(({ arn }) => arn === body.stateMachineArn);
  const { executionArn } =
    machine?.type === 'EXPRESS'
      ? await stepFunctions.startSyncExecution(body)
      : await stepFunctions.startExecution(body);
  return { executionArn };
}
