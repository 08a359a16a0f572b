import type { Execution, HistoryEvent } from '../../step-functions';
import type { Attempt, StateStatus, StateVisit, VisitPlace } from '../shapes';

/** What is known about a visit while the history is read. */
class OpenVisit {
  status: StateStatus = 'running';
  exitedMs: number | undefined;
  output: string | undefined;
  arguments: string | undefined;
  result: string | undefined;
  resource: string | undefined;
  readonly attempts: Attempt[] = [];
  assigned: Readonly<Record<string, string>> = {};
  error: string | undefined;
  cause: string | undefined;
  starts = 0;
  failures = 0;
  /** The last try has failed, or has not ended yet. */
  isUnfinished = false;
  /** A Parallel or Map state that has failed for good, which was reported once. */
  hasGivenUp = false;
  readonly inner: OpenVisit[] = [];

  constructor(
    readonly index: number,
    readonly name: string,
    readonly type: string,
    readonly entered: HistoryEvent,
    readonly parent: OpenVisit | undefined,
    /** The state that led here, in the same machine, branch or iteration. */
    readonly from: OpenVisit | undefined,
    readonly variables: Readonly<Record<string, string>>,
    readonly iteration: number | undefined,
  ) {
    parent?.inner.push(this);
  }

  /** How many states are around it. */
  get depth(): number {
    return this.parent ? this.parent.depth + 1 : 0;
  }

  get isOpen(): boolean {
    return this.status === 'running';
  }

  failed(error: string | undefined, cause: string | undefined): void {
    this.failures += 1;
    this.isUnfinished = true;
    this.error = error;
    this.cause = cause;
  }

  /** Ends it where it hasn't ended, and all in it. */
  end(status: StateStatus): void {
    for (const visit of this.inner) visit.end(status);
    if (this.isOpen) this.status = status;
  }

  get shape(): StateVisit {
    const { name, type, status, entered, exitedMs, output, result, error, cause, iteration } = this;
    const input = entered.details?.['input'];
    const hasFailed = status === 'failed' || status === 'caught';
    return {
      enteredEventId: entered.id,
      name,
      type,
      status,
      enteredMs: entered.timestampMs,
      variables: this.variables,
      assigned: this.assigned,
      depth: this.depth,
      attempts: this.attempts,
      retries: Math.max(0, this.starts - 1, this.failures - (hasFailed ? 1 : 0)),
      ...(exitedMs !== undefined && { exitedMs }),
      ...(typeof input === 'string' && { input }),
      ...(output !== undefined && { output }),
      ...(this.arguments !== undefined && { arguments: this.arguments }),
      ...(result !== undefined && { result }),
      ...(this.resource !== undefined && { resource: this.resource }),
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
      ...(iteration !== undefined && { iteration }),
    };
  }
}

export interface VisitsOfExecution {
  readonly visits: readonly StateVisit[];
  /** The name of the state that led to each visit, by the same index. */
  readonly from: readonly (string | undefined)[];
  /** The visit that an event belongs to, as an index, by the event's id. */
  readonly visitOfEvent: ReadonlyMap<number, number>;
}

/**
 * The stays in states that a history tells of, in the order in which they began.
 *
 * Most events don't name their state: `previousEventId` leads to it, through branches and iterations.
 */
export function readVisits(execution: Pick<Execution, 'status'>, events: readonly HistoryEvent[]): VisitsOfExecution {
  const reader = new HistoryReader();
  for (const event of events) reader.read(event);
  const { status } = execution;
  if (status !== 'RUNNING') reader.finish(status === 'TIMED_OUT' ? 'timed-out' : 'aborted');
  return {
    visits: reader.visits.map(({ shape }) => shape),
    from: reader.visits.map(({ from }) => from?.name),
    visitOfEvent: reader.visitOfEvent,
  };
}

/** Each stay's index among those in the same state. */
export function placesOf(visits: readonly StateVisit[]): VisitPlace[] {
  const counts = new Map<string, number>();
  return visits.map(({ name: state }) => {
    const visit = counts.get(state) ?? 0;
    counts.set(state, visit + 1);
    return { state, visit };
  });
}

const CONTAINER_EVENT = /^(Parallel|Map)State(Started|Succeeded|Failed)$/;
const CALL_EVENT = /^(?:Task|LambdaFunction)(Scheduled|Succeeded|Failed|TimedOut|SubmitFailed|StartFailed)$/;

class HistoryReader {
  readonly visits: OpenVisit[] = [];
  readonly visitOfEvent = new Map<number, number>();
  /** The visit that each event belongs to, by the event's id. */
  readonly #owners: (OpenVisit | undefined)[] = [];
  readonly #iterations = new Map<number, number>();

  read(event: HistoryEvent): void {
    const owner = this.#ownerOf(event);
    this.#owners[event.id] = owner;
    if (owner) this.visitOfEvent.set(event.id, owner.index);
  }

  finish(status: StateStatus): void {
    for (const visit of this.visits) visit.end(status);
  }

  #ownerOf(event: HistoryEvent): OpenVisit | undefined {
    const { type, details = {} } = event;
    const previous = this.#owners[event.previousEventId];
    if (type.endsWith('StateEntered')) return this.#enter(event, previous);
    if (type.endsWith('StateExited'))
      return exit(
        event,
        nearest(previous, ({ name }) => name === details['name']),
      );
    if (type === 'EvaluationFailed') return this.#evaluationFailed(event, previous);
    if (type === 'ExecutionFailed') return failUpTo(previous, undefined, event);
    const [, container, did] = CONTAINER_EVENT.exec(type) ?? [];
    if (container !== undefined) return containerDid(did, previous, container);
    if (type.startsWith('MapIteration')) return this.#iteration(event, previous);
    const [, call] = CALL_EVENT.exec(type) ?? [];
    return call === undefined ? previous : callDid(call, event, previous);
  }

  #enter(event: HistoryEvent, previous: OpenVisit | undefined): OpenVisit {
    const { type, previousEventId, details } = event;
    // An open one is the Parallel or Map state around: its branch or iteration begins here.
    const from = previous?.isOpen === false ? previous : undefined;
    const visit = new OpenVisit(
      this.visits.length,
      String(details?.['name']),
      type.slice(0, -'StateEntered'.length),
      event,
      from ? from.parent : previous,
      from,
      variablesAfter(previous),
      from ? from.iteration : (this.#iterations.get(previousEventId) ?? previous?.iteration),
    );
    this.visits.push(visit);
    return visit;
  }

  /** It may name the event before the state was entered as its previous one: the state's name decides then. */
  #evaluationFailed(event: HistoryEvent, previous: OpenVisit | undefined): OpenVisit | undefined {
    const { details = {}, previousEventId } = event;
    const isNamed = ({ name }: OpenVisit): boolean => name === details['state'];
    const visit =
      nearest(previous, isNamed) ??
      this.visits.findLast(
        (other) => other.isOpen && isNamed(other) && other.entered.previousEventId === previousEventId,
      );
    visit?.failed(textOf(details['error']), textOf(details['cause']));
    return visit;
  }

  #iteration(event: HistoryEvent, previous: OpenVisit | undefined): OpenVisit | undefined {
    const { id, type, details = {} } = event;
    const map = nearest(previous, ({ name }) => name === details['name']);
    const index = Number(details['index']);
    if (type === 'MapIterationStarted') this.#iterations.set(id, index);
    if (type === 'MapIterationFailed') failUpTo(previous, map);
    if (type === 'MapIterationAborted') {
      for (const visit of map?.inner ?? []) if (visit.iteration === index) visit.end('aborted');
    }
    return map;
  }
}

/** The visit itself or the closest around it that is open and fits. */
function nearest(from: OpenVisit | undefined, fits: (visit: OpenVisit) => boolean): OpenVisit | undefined {
  let visit = from;
  while (visit && !(visit.isOpen && fits(visit))) visit = visit.parent;
  return visit;
}

/** What the next state of the same branch sees, or the first state of a branch. */
function variablesAfter(previous: OpenVisit | undefined): Readonly<Record<string, string>> {
  if (!previous) return {};
  const { variables, assigned, isOpen } = previous;
  return isOpen || Object.keys(assigned).length === 0 ? variables : { ...variables, ...assigned };
}

function exit({ timestampMs, details = {} }: HistoryEvent, visit: OpenVisit | undefined): OpenVisit | undefined {
  if (!visit) return undefined;
  const hasCall = visit.type === 'Task' || visit.type === 'Parallel' || visit.type === 'Map';
  const isCaught = visit.isUnfinished || (hasCall && visit.starts === 0);
  for (const inner of visit.inner) inner.end('aborted');
  visit.status = isCaught ? 'caught' : 'succeeded';
  visit.exitedMs = timestampMs;
  visit.output = textOf(details['output']);
  visit.assigned = (details['assignedVariables'] ?? {}) as Readonly<Record<string, string>>;
  return visit;
}

/** Fails the open visits from the innermost outward, up to and without `outer`, which then has a failed try. */
function failUpTo(
  from: OpenVisit | undefined,
  outer: OpenVisit | undefined,
  failure?: HistoryEvent,
): OpenVisit | undefined {
  let error = textOf(failure?.details?.['error']);
  let cause = textOf(failure?.details?.['cause']);
  let visit = from;
  for (; visit && visit !== outer; visit = visit.parent) {
    if (!visit.isOpen) continue;
    error = visit.error ??= error;
    cause = visit.cause ??= cause;
    for (const inner of visit.inner) inner.end('aborted');
    visit.status = 'failed';
    tellInner(visit);
  }
  if (outer && from !== outer) {
    outer.error ??= error;
    outer.cause ??= cause;
    outer.isUnfinished = true;
  }
  return from;
}

/** A Fail state in a branch or an iteration gives its error to the state around it: no event tells it of the Fail state. */
function tellInner({ inner, error, cause }: OpenVisit): void {
  const failing = inner.findLast(({ status }) => status === 'failed');
  if (failing?.error !== undefined || failing?.cause !== undefined || !failing) return;
  failing.error = error;
  failing.cause = cause;
  tellInner(failing);
}

/** @param did the end of `…StateStarted`, `…StateSucceeded` or `…StateFailed` */
function containerDid(did: string | undefined, previous: OpenVisit | undefined, type: string): OpenVisit | undefined {
  const visit = nearest(previous, (other) => other.type === type && !other.hasGivenUp);
  if (!visit) return undefined;
  if (did === 'Succeeded') {
    visit.isUnfinished = false;
    visit.error = visit.cause = undefined;
    return visit;
  }
  failUpTo(previous, visit);
  for (const inner of visit.inner) inner.end('aborted');
  visit.isUnfinished = true;
  if (did === 'Started') visit.starts += 1;
  else visit.hasGivenUp = true;
  return visit;
}

/** @param did the end of the event's type about the called service, such as `Scheduled` */
function callDid(
  did: string,
  { details = {}, timestampMs }: HistoryEvent,
  visit: OpenVisit | undefined,
): OpenVisit | undefined {
  if (!visit) return undefined;
  if (did === 'Scheduled') {
    visit.attempts.push({ fromMs: timestampMs });
    visit.resource = resourceOf(details);
    visit.starts += 1;
    visit.isUnfinished = true;
    visit.arguments = textOf(details['parameters'] ?? details['input']);
    return visit;
  }
  const attempt = visit.attempts.pop();
  if (attempt) visit.attempts.push({ ...attempt, toMs: timestampMs });
  if (did === 'Succeeded') {
    visit.isUnfinished = false;
    visit.result = textOf(details['output']);
  } else {
    visit.failed(textOf(details['error']), textOf(details['cause']));
  }
  return visit;
}

/** A function's ARN, or a service with its operation, such as `aws-sdk:dynamodb:updateItem`. */
function resourceOf({ resourceType, resource }: Readonly<Record<string, unknown>>): string | undefined {
  const parts = [textOf(resourceType), textOf(resource)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(':');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
