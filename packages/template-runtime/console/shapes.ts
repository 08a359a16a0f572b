/** What the JSON API answers with: the server fills these, the page reads them. Times are milliseconds since 1970. */

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/**
 * What an execution means for whoever asked, which its status doesn't tell: AWS calls the first five "Succeeded".
 *
 * `done`: counted, read, or ended as its definition says. `refused`: by a limit. `invalid`: the request was.
 * `not-done`: provably nothing was counted, or nothing was read. `unknown`: perhaps counted.
 */
export type OutcomeKind = 'done' | 'refused' | 'invalid' | 'not-done' | 'unknown' | 'failed' | 'running';

/** A state machine in the list. */
export interface MachineRow {
  readonly arn: string;
  readonly name: string;
  readonly type: 'EXPRESS' | 'STANDARD';
  readonly createdMs: number;
  /** How many of its executions are kept. */
  readonly executions: number;
  readonly running: number;
}

export interface MachineDetails extends MachineRow {
  /** JSON text in the Amazon States Language. */
  readonly definition: string;
  /** The input of its latest execution, JSON text: what a new one may begin with. */
  readonly latestInput?: string;
}

/** An execution in the list. */
export interface ExecutionRow {
  readonly arn: string;
  readonly name: string;
  readonly machine: string;
  readonly status: ExecutionStatus;
  readonly kind: OutcomeKind;
  readonly startMs: number;
  /** Absent while it runs. */
  readonly durationMs?: number;
  /** `outcome` of the output, such as `limit-reached`; the error's name of an execution that failed. */
  readonly outcome?: string;
  /** `store` of the input. */
  readonly store?: string;
  /** `id` of the input, unless the input is an event of EventBridge. */
  readonly counterId?: string;
  /** The counter's value and limit, and what is left up to it, where the output tells; a limit also where the input asks. */
  readonly counter?: number;
  readonly max?: number;
  readonly remaining?: number;
  /** `by` of the input. */
  readonly by?: number;
}

/** The list's filter; an absent field doesn't restrict it. */
export interface ExecutionFilter {
  /** ARN of the state machine. */
  readonly machine?: string;
  readonly status?: string;
  readonly kind?: string;
  readonly outcome?: string;
  readonly store?: string;
  readonly id?: string;
  /** Started then or later. */
  readonly sinceMs?: number;
  /** Started before. */
  readonly untilMs?: number;
  /** Text that stands in the ARN, the input, the output, the error or the cause, in any letter case. */
  readonly search?: string;
}

export const EXECUTION_SORTS = [
  'started',
  'duration',
  'name',
  'kind',
  'status',
  'store',
  'id',
  'counter',
  'machine',
] as const;

export type ExecutionSort = (typeof EXECUTION_SORTS)[number];
export type SortOrder = 'ascending' | 'descending';

/** One page of the list. */
export interface ExecutionPage {
  readonly rows: readonly ExecutionRow[];
  /** How many executions are kept. */
  readonly total: number;
  /** How many of them the filter lets pass. */
  readonly matching: number;
  /** How many matching ones come before this page. */
  readonly before: number;
  /** ARN that the next page begins with; absent on the last. */
  readonly next?: string;
  /** How many of each kind all but the filter by kind let pass. */
  readonly kinds: Readonly<Partial<Record<OutcomeKind, number>>>;
  /** The values that there are to filter by. */
  readonly choices: Readonly<Record<'outcome' | 'store', readonly string[]>>;
}

/** A value that an execution told of a counter. */
export interface CounterValue {
  readonly value: number;
  /** When that execution had ended. */
  readonly atMs: number;
  readonly arn: string;
  /** Whether it was a read. */
  readonly isRead: boolean;
}

/** A counter, as its kept executions tell of it. */
export interface CounterRow {
  readonly store: string;
  readonly id: string;
  readonly executions: number;
  readonly kinds: Readonly<Partial<Record<OutcomeKind, number>>>;
  /** The latest; absent where no execution told one. */
  readonly value?: CounterValue;
  /** The limit that the latest execution with one had. */
  readonly max?: number;
  /** What is left up to it. */
  readonly remaining?: number;
  /** When the value was first seen to be another. */
  readonly changedMs?: number;
  /** What executions had told before a read found another value. */
  readonly told?: number;
  /** The latest values, the oldest first. */
  readonly trend: readonly number[];
}

export const COUNTER_SORTS = ['store', 'id', 'value', 'max', 'remaining', 'executions', 'unknown', 'changed'] as const;

export type CounterSort = (typeof COUNTER_SORTS)[number];

export interface CounterPage {
  readonly rows: readonly CounterRow[];
  readonly total: number;
  readonly matching: number;
  readonly before: number;
  readonly stores: readonly string[];
}

/** Which counter to read. */
export interface ReadBody {
  readonly store: string;
  readonly id: string;
}

export interface ReadAnswer {
  /** Of the read's execution. */
  readonly executionArn: string;
  readonly kind: OutcomeKind;
  readonly outcome?: string;
  /** The counter after it; absent where none is known of it. */
  readonly row?: CounterRow;
}

/** What this runtime offers besides. */
export interface SystemAnswer {
  /** How a client calls the counters: with `{store}` and `{id}` in the URL. */
  readonly calls: readonly { readonly method: string; readonly url: string; readonly header?: string }[];
  /** Whether a counter can be read. */
  readonly canRead: boolean;
  /** Where the stores' states are, and are changed; absent where there are none. */
  readonly storesPath?: string;
}

/** A data point of a metric, and what it comes from. */
export interface DataPointRow {
  /** Ascends. */
  readonly sequence: number;
  readonly metricName: string;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit: string;
  readonly timestampMs: number;
  /** Logical id of the metric filter. */
  readonly filter: string;
  /** The log event's message; absent for the default value of a minute without one. */
  readonly event?: string;
  readonly logStream?: string;
  /** ARN that the event names, where that execution is kept. */
  readonly executionArn?: string;
}

export interface DataPointPage {
  readonly rows: readonly DataPointRow[];
  readonly total: number;
  readonly matching: number;
  readonly before: number;
  /** Sequence number that the next page goes down from; absent on the last. */
  readonly next?: number;
  readonly choices: Readonly<Record<'metric' | 'namespace', readonly string[]>>;
}

/** How a stay in a state ended. `caught`: it failed, and a catcher led on. */
export type StateStatus = 'running' | 'succeeded' | 'caught' | 'failed' | 'timed-out' | 'aborted';

/** A state that was entered, over all stays in it. */
export interface StateSummary {
  readonly name: string;
  readonly status: StateStatus;
  readonly visits: number;
  readonly retries: number;
}

/** A way from one state to another that was taken. */
export interface PathTaken {
  /** Absent at the start of the machine, of a branch or of an iteration. */
  readonly from?: string;
  readonly to: string;
  readonly times: number;
}

export interface ExecutionDetails extends ExecutionRow {
  readonly machineArn: string;
  readonly type: 'EXPRESS' | 'STANDARD';
  readonly definition: string;
  /** JSON text, as all inputs and outputs. */
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly stopMs?: number;
  readonly events: number;
  /** The stay that tells most: the one that fails, else the last one that caught an error, else the last. */
  readonly focus?: VisitPlace;
  /** Why it didn't do what it was asked, where that is told. */
  readonly trouble?: Trouble;
  readonly states: readonly StateSummary[];
  readonly path: readonly PathTaken[];
}

/** Which stay in which state: its index among the stays in this state. */
export interface VisitPlace {
  readonly state: string;
  readonly visit: number;
}

/** An error in the words of the execution, of the state that caught it, or of the output. */
export interface Trouble {
  /** The state that failed or caught. */
  readonly state?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** One call that a state made of a service. */
export interface Attempt {
  readonly fromMs: number;
  /** Absent while it is under way, and where it was given up. */
  readonly toMs?: number;
}

/** One stay of an execution in a state. */
export interface StateVisit {
  /** Id of the event that entered it. */
  readonly enteredEventId: number;
  readonly name: string;
  readonly type: string;
  readonly status: StateStatus;
  readonly enteredMs: number;
  /** Absent while it runs, and where it was given up. */
  readonly exitedMs?: number;
  readonly input?: string;
  readonly output?: string;
  /** What the service was called with, the last time. */
  readonly arguments?: string;
  /** What the service answered. */
  readonly result?: string;
  /** The variables that held when it was entered, each as JSON text. */
  readonly variables: Readonly<Record<string, string>>;
  /** The variables that it set. */
  readonly assigned: Readonly<Record<string, string>>;
  readonly error?: string;
  readonly cause?: string;
  /** Times that it was tried again. */
  readonly retries: number;
  /** The calls that it made, in order. */
  readonly attempts: readonly Attempt[];
  /** ARN of the function that it called, or service and operation. */
  readonly resource?: string;
  /** How many Parallel and Map states are around it. */
  readonly depth: number;
  /** Index of the innermost map iteration that it is in. */
  readonly iteration?: number;
}

export interface VisitPage {
  readonly visits: readonly StateVisit[];
  readonly total: number;
}

/** A stay as a line of the timeline and of the table, without its payloads. */
export interface StayRow extends VisitPlace {
  readonly type: string;
  readonly status: StateStatus;
  readonly enteredMs: number;
  readonly exitedMs?: number;
  readonly retries: number;
  readonly attempts: readonly Attempt[];
  readonly resource?: string;
  readonly depth: number;
  readonly iteration?: number;
  readonly error?: string;
}

export const STAY_SORTS = ['entered', 'state', 'type', 'status', 'resource', 'duration', 'retries'] as const;
export type StaySort = (typeof STAY_SORTS)[number];

export interface StayPage {
  readonly rows: readonly StayRow[];
  readonly total: number;
  readonly before: number;
  /** When the execution started, and when it ended or was asked about. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** What was logged of an execution in one log group. */
export interface LogPart {
  readonly title: string;
  readonly group?: string;
  /** Why there is nothing, or not all. */
  readonly note?: string;
  readonly lines: readonly LogLine[];
}

export interface LogLine {
  readonly timestampMs: number;
  readonly stream: string;
  readonly message: string;
}

export interface ExecutionLogs {
  readonly parts: readonly LogPart[];
}

/** The body that stops an execution. */
export interface StopBody {
  readonly executionArn: string;
  readonly error?: string;
  readonly cause?: string;
}

export interface EventRow {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** The stay that it belongs to. */
  readonly state?: string;
  readonly visit?: number;
  readonly timestampMs: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface EventPage {
  readonly rows: readonly EventRow[];
  readonly total: number;
  readonly matching: number;
  readonly before: number;
}

export interface ChartLine {
  readonly store: string;
  /** A value per step; null where nothing was measured. */
  readonly values: readonly (number | null)[];
}

export interface Chart {
  readonly title: string;
  readonly unit: 'count' | 'ms' | 'value';
  /** The metrics whose data points it sums up; none where it is made of executions. */
  readonly metrics: readonly string[];
  /** What is shown, and where it comes from. */
  readonly about: string;
  readonly lines: readonly ChartLine[];
}

/** Charts over the same steps of time. */
export interface Charts {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly charts: readonly Chart[];
}

/** The body that starts an execution. */
export interface StartBody {
  readonly stateMachineArn: string;
  /** JSON text. */
  readonly input: string;
  /** @default - a random one */
  readonly name?: string;
}

export interface StartAnswer {
  readonly executionArn: string;
}

/** What is wrong with a request. */
export interface ProblemAnswer {
  readonly message: string;
}
