import { Scope } from '../../scope';
import { StateError } from '../errors';
import { numberProblem, READS_INPUT, READS_RESULT } from '../definition/fields';
import type { Fields } from '../definition/fields';
import type { Frame } from '../execution/frame';
import type { Integration } from '../integrations/integration';
import { argumentsProblem, isOperation } from '../integrations/service-model';
import type { State } from '../execution/interpreter';
import { dataLimitExceeded, Payload } from '../execution/payload';
import { withRetryAndCatch } from '../execution/retry-catch';
import { taskEvents } from './task-events';
import type { TaskEvents } from './task-events';
import { typedField } from '../definition/typed-field';
import { Visit } from '../execution/visit';
import { errorPolicies } from './error-policies';

/** What a Task state needs to know beyond its own fields. */
export interface TaskOptions {
  readonly type: 'EXPRESS' | 'STANDARD';
  /** What a Task state with this `Resource` calls, if it is emulated. */
  readonly integration: (resource: string) => Integration | undefined;
}

/**
 * A Task state: calls a service and waits for its answer, but no longer than `TimeoutSeconds`.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 */
export function compileTask(name: string, fields: Fields, options: TaskOptions): State {
  const resource = fields.string('Resource');
  const task = {
    resource,
    call: integrationOf(resource, fields, options),
    events: taskEvents(resource),
    timeoutSeconds: typedField(fields, 'TimeoutSeconds', 'number', {
      evaluated: timeoutProblem,
      written: (value) => numberProblem(value, { least: 1, most: LONGEST_SECONDS }),
    }),
    arguments: fields.template('Arguments', READS_INPUT),
  };
  const written = fields.raw('Arguments');
  const problem = argumentsProblem(resource, written);
  if (problem !== undefined) fields.report(problem, 'Arguments');
  const templates = { output: fields.template('Output', READS_RESULT), assign: fields.assign(READS_RESULT) };
  const policies = errorPolicies(fields);
  const next = fields.next();

  const attempt = async (visit: Visit) => {
    const { input, frame } = visit;
    const timeoutSeconds = await task.timeoutSeconds?.read(visit);
    const call = task.arguments ? new Payload(await visit.evaluate(task.arguments, visit.bindings())) : input;
    if (call.isTooLarge) throw dataLimitExceeded(name);
    // Arguments that one expression or the input gives as a whole are known only now.
    const unknownArgument = typeof written === 'object' ? undefined : argumentsProblem(resource, call.value);
    if (unknownArgument !== undefined) throw new StateError('States.Runtime', unknownArgument);
    const inspection = frame.execution.probe?.inspection;
    if (inspection && task.arguments) inspection.afterArguments = call.text;
    const result = await callService(frame, task, call, timeoutSeconds);
    if (inspection) inspection.result = result.text;
    return await visit.result(templates, result, visit.bindings({ result: result.value }), next);
  };

  return {
    name,
    type: 'Task',
    isCallback: patternOf(resource) !== undefined,
    async run(frame, input) {
      const visit = new Visit(frame, 'Task', name, input);
      frame.abortable = 'Task';
      visit.retryCount = 0;
      const exit = await withRetryAndCatch(visit, policies, () => attempt(visit));
      return visit.leave(exit);
    },
  };
}

/** The most seconds that a definition may name: https://github.com/badmintoncryer/cdk-preflight (measured on AWS). */
export const LONGEST_SECONDS = 99_999_999;

/** Reports where nothing is called so, or not from such a machine. */
function integrationOf(resource: string, fields: Fields, { type, integration }: TaskOptions): Integration {
  const pattern = patternOf(resource);
  if (fields.has('Resource') && !resource.startsWith('arn:')) {
    fields.report('Value is not a valid resource ARN', 'Resource');
  }
  if (type === 'EXPRESS' && pattern !== undefined) {
    // The blank behind one of them is AWS's own (recorded).
    const end = pattern === '.waitForTaskToken' ? ' ' : '';
    fields.report(`Express state machine does not support '${pattern}' service integration${end}`, 'Resource');
  }
  if (type === 'EXPRESS' && /^arn:aws[\w-]*:states:[^:]+:[^:]+:activity:/.test(resource)) {
    fields.report('Express state machine does not support Activity ARN', 'Resource');
  }
  const known = isOperation(resource) ? integration(resource) : undefined;
  if (!known) fields.reportNotEmulated(`The resource ${resource} is not emulated`, 'Resource');
  return known ?? (() => Promise.reject(new Error(`${resource} is not emulated`)));
}

/** How a resource is waited for, beyond its answer: `.sync` or `.waitForTaskToken`. */
const patternOf = (resource: string): string | undefined =>
  /\.(?:sync(?::2)?|waitForTaskToken)$/.exec(resource)?.[0].replace(':2', '');

function timeoutProblem(seconds: number): string | undefined {
  if (Number.isInteger(seconds) && seconds > 0) return undefined;
  return `The TimeoutSeconds field must be a whole number of at least 1, but was: ${seconds}`;
}

interface Task {
  readonly resource: string;
  readonly call: Integration;
  readonly events: TaskEvents;
}

/** Calls the service, with the events that tell of it. */
async function callService(
  frame: Frame,
  task: Task,
  call: Payload,
  timeoutSeconds: number | undefined,
): Promise<Payload> {
  const { region } = frame.execution;
  const { events } = task;
  frame.add(events.scheduledType, events.scheduled(call, { region, timeoutSeconds }));
  frame.add(events.startedType, events.started);
  try {
    const result = new Payload(await answerInTime(frame, task, call, timeoutSeconds));
    if (result.isTooLarge) throw dataLimitExceeded(events.limitName);
    frame.add(events.succeededType, events.succeeded(result));
    return result;
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    frame.add(error instanceof TimedOut ? events.timedOutType : events.failedType, events.failed(error));
    throw error;
  }
}

class TimedOut extends StateError {
  constructor() {
    super('States.Timeout');
  }
}

/** The service's answer, unless time is up or the execution ends first: then the call is abandoned. */
function answerInTime(frame: Frame, task: Task, call: Payload, timeoutSeconds: number | undefined): Promise<unknown> {
  if (frame.scope.reason) return Promise.reject(frame.scope.reason);
  const started = frame.previous;
  const scope = new Scope(frame.scope);
  const cancel =
    timeoutSeconds === undefined
      ? undefined
      : frame.execution.clock.after(timeoutSeconds * 1000, () => scope.end(new TimedOut()));
  return new Promise((resolve, reject) => {
    const settled =
      <Value>(settle: (value: Value) => void) =>
      (value: Value): void => {
        scope.close();
        cancel?.();
        settle(value);
      };
    scope.onEnd(settled(reject));
    task
      .call({
        resource: task.resource,
        arguments: call.value,
        scope,
        onInvocation: (invocation) => frame.execution.invocations?.push({ eventId: started, ...invocation }),
      })
      .then(settled(resolve), settled(reject));
  });
}
