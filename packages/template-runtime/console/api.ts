import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logs } from '../cloudwatch/logs';
import type { Metrics } from '../cloudwatch/metrics';
import { type Execution, ServiceError, type ServedStateMachine, type StepFunctions } from '../step-functions';
import { ApiProblem, sendAnswer, sendProblem } from './answers';
import { stopExecution } from './actions';
import { eventPage, executionDetails, visitPage } from './execution-details';
import { executionLogs } from './execution-logs';
import { executionPage } from './execution-rows';
import { metricCharts } from './metric-charts';
import { checkSameOrigin } from './same-origin';
import { type MachineDetails, type MachineRow, type StartAnswer, STAY_ORDERS } from './shapes';
import { readStartBody } from './start-body';
import { stayPage } from './stays';

type Answer = (query: Query) => unknown;

export interface ConsoleOptions {
  readonly stepFunctions: StepFunctions;
  readonly metrics: Pick<Metrics, 'dataPoints'>;
  readonly logs: Pick<Logs, 'events'>;
}

const MOST_ROWS = 500;
const MOST_MINUTES = 24 * 60;

/**
 * The JSON API behind the page: `GET machines | machine | executions | execution | visits | stays | events | logs | metrics`,
 * `POST executions`, which starts one, and `POST stop`. Shapes: `shapes.ts`.
 */
export function consoleApi({ stepFunctions, metrics, logs }: ConsoleOptions) {
  const reads: Readonly<Record<string, Answer>> = {
    machines: () => machineRows(stepFunctions),
    machine: (query) => machineDetails(stepFunctions, query.text('arn')),
    executions(query) {
      const { machine, status, outcome, store, search, from } = query.texts;
      const filter = {
        ...(machine !== undefined && { machine }),
        ...(status !== undefined && { status }),
        ...(outcome !== undefined && { outcome }),
        ...(store !== undefined && { store }),
        ...(search !== undefined && { search }),
      };
      const page = executionPage(stepFunctions.executions(), filter, query.number('size', 50, MOST_ROWS), from);
      if (!page) throw new ApiProblem(410, 'The executions of this page have dropped off: only the latest are kept');
      return page;
    },
    execution: (query) => executionDetails(executionOf(stepFunctions, query)),
    visits: (query) =>
      visitPage(
        executionOf(stepFunctions, query),
        query.text('state'),
        query.number('from', 0),
        query.number('size', 1, MOST_ROWS),
      ),
    events: (query) =>
      eventPage(
        executionOf(stepFunctions, query),
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
        executionOf(stepFunctions, query),
        {
          order: query.oneOf('order', STAY_ORDERS),
          isDescending: query.texts['direction'] === 'descending',
          from: query.number('from', 0),
          size: query.number('size', 100, MOST_ROWS),
        },
        Date.now(),
      ),
    logs: (query) => executionLogs(executionOf(stepFunctions, query), logs),
    metrics: (query) =>
      metricCharts({
        dataPoints: metrics.dataPoints(),
        executions: stepFunctions.executions(),
        nowMs: Date.now(),
        minutes: query.number('minutes', 15, MOST_MINUTES),
      }),
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
      if (request.method === 'POST' && path === 'stop') {
        checkSameOrigin(request);
        return sendAnswer(response, 200, await stopExecution(stepFunctions, request));
      }
      const read = Object.hasOwn(reads, path) ? reads[path] : undefined;
      if (!read) throw new ApiProblem(404, `The console's API has no ${path}`);
      if (request.method !== 'GET') throw new ApiProblem(405, `${path} does not take ${request.method}`);
      sendAnswer(response, 200, read(new Query(parameters)));
    } catch (error) {
      if (error instanceof ApiProblem) return sendProblem(response, error.status, error.message);
      if (error instanceof ServiceError) return sendProblem(response, error.status, `${error.name}: ${error.message}`);
      throw error;
    }
  };
}

/** The parameters of a request. */
class Query {
  readonly texts: Readonly<Record<string, string>>;

  constructor(parameters: URLSearchParams) {
    this.texts = Object.fromEntries(parameters);
  }

  /** @throws ApiProblem where it is absent */
  text(name: string): string {
    const text = this.texts[name];
    if (text === undefined || text === '') throw new ApiProblem(400, `${name} must be given`);
    return text;
  }

  /** @returns the first where it is absent @throws ApiProblem where it is something else */
  oneOf<T extends string>(name: string, values: readonly [T, ...T[]]): T {
    const text = this.texts[name] ?? values[0];
    const found = values.find((value) => value === text);
    if (found === undefined) throw new ApiProblem(400, `${name} must be one of ${values.join(', ')}, got "${text}"`);
    return found;
  }

  /** @throws ApiProblem where it isn't a whole number up to `most` */
  number(name: string, fallback: number, most = Number.MAX_SAFE_INTEGER): number {
    const text = this.texts[name];
    if (text === undefined) return fallback;
    const number = /^\d+$/.test(text) ? Number(text) : Infinity;
    if (number > most) throw new ApiProblem(400, `${name} must be a whole number from 0 to ${most}, got "${text}"`);
    return number;
  }
}

function executionOf(stepFunctions: StepFunctions, query: Query): Execution {
  const arn = query.text('arn');
  const execution = stepFunctions.executions().find((other) => other.arn === arn);
  if (execution) return execution;
  if (!/^arn:[^:]*:states:[^:]*:[^:]*:(?:express|execution):/.test(arn)) {
    throw new ApiProblem(404, `"${arn}" is no execution's ARN: paste the X-Execution-Arn header of a response`);
  }
  throw new ApiProblem(404, `No execution ${arn} is in memory: it never was here, or has dropped off`);
}

function machineRows(stepFunctions: StepFunctions): MachineRow[] {
  const counts = new Map<string, { executions: number; running: number }>();
  for (const { machine, status } of stepFunctions.executions()) {
    const count = counts.get(machine.arn) ?? { executions: 0, running: 0 };
    counts.set(machine.arn, count);
    count.executions += 1;
    if (status === 'RUNNING') count.running += 1;
  }
  return stepFunctions.stateMachines.map((machine) => ({
    ...machineOf(machine),
    ...(counts.get(machine.arn) ?? { executions: 0, running: 0 }),
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
