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
}

/** The list's filter; an absent field doesn't restrict it. */
export interface ExecutionFilter {
  /** ARN of the state machine. */
  readonly machine?: string;
  readonly status?: string;
  readonly outcome?: string;
  readonly store?: string;
  /** Text that stands in the ARN, the input, the output, the error or the cause, in any letter case. */
  readonly search?: string;
}

/** One page of the list, the latest execution first. */
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
  /** The values that there are to filter by. */
  readonly choices: Readonly<Record<'outcome' | 'store', readonly string[]>>;
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
  /** What the output says of the counter's value. */
  readonly counter?: number;
  /** The limit that held. */
  readonly limit?: string;
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

export const STAY_ORDERS = ['entered', 'state', 'type', 'status', 'resource', 'duration', 'retries'] as const;
export type StayOrder = (typeof STAY_ORDERS)[number];

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
  readonly unit: 'count' | 'ms';
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
