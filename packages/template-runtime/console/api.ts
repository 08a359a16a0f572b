import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../cloudwatch/metrics';
import { type Execution, ServiceError, type ServedStateMachine, type StepFunctions } from '../step-functions';
import { ApiProblem, sendAnswer, sendIfChanged, sendProblem } from './answers';
import { eventPage, executionDetails, visitPage } from './execution-details';
import { type ApiMethod, counterCalls } from './counter-calls';
import { ExecutionIndex } from './execution-index';
import { MOST_ROWS, polledReads } from './lists';
import { Query } from './query';
import { checkSameOrigin } from './same-origin';
import type { MachineDetails, MachineRow, StartAnswer, SystemAnswer } from './shapes';
import { readCounterBody, readStartBody } from './start-body';

type Answer = (query: Query) => unknown;

export interface ConsoleOptions {
  readonly stepFunctions: StepFunctions;
  readonly metrics: Pick<Metrics, 'dataPoints' | 'count'>;
  /** The methods of the template's API. @default - none */
  readonly apiMethods?: readonly ApiMethod[];
  /** For those that need a key. @default - none */
  readonly apiKey?: string;
  /** Where the states of stores are, and are changed. @default - there are none to be changed */
  readonly storesPath?: string;
}

/**
 * The JSON API behind the page: `GET system | machines | machine | executions | execution | visits | events | counters |
 * metrics | points`; `POST executions`, which starts one, and `POST reads`, which reads a counter. Shapes: `shapes.ts`.
 */
export function consoleApi({ stepFunctions, metrics, apiMethods = [], apiKey = '', storesPath }: ConsoleOptions) {
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
        query.texts['search'] ?? '',
        query.number('from', 0),
        query.number('size', 100, MOST_ROWS),
      ),
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
