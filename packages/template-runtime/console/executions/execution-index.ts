import { randomUUID } from 'node:crypto';
import type { Execution, StepFunctions } from '../../step-functions';
import { CounterBook } from '../counters/counter-book';
import { counterIdOf, isIncrement, limitIn, numberIn, outcomeKind, outcomeOf, storeOf } from './outcomes';
import type { ExecutionRow } from '../shapes';
import type { IndexedExecution } from './indexed-execution';

/** How often each value occurs. */
export class Occurrences {
  readonly #counts = new Map<string, number>();

  add(value: string | undefined, change: 1 | -1): void {
    if (value === undefined) return;
    const count = (this.#counts.get(value) ?? 0) + change;
    if (count > 0) this.#counts.set(value, count);
    else this.#counts.delete(value);
  }

  of(value: string): number {
    return this.#counts.get(value) ?? 0;
  }

  /** Some of the values, in order. */
  values(most: number): string[] {
    const values: string[] = [];
    for (const value of this.#counts.keys()) if (values.push(value) === most) break;
    return values.sort();
  }
}

/**
 * The executions that are kept, for the console's lists. It follows them instead of looking through them: what an input or
 * output says is taken from it once, however often the page asks.
 */
export class ExecutionIndex {
  /** In the order of their starts. */
  readonly #byArn = new Map<string, IndexedExecution>();
  /** Another process counts anew: its versions mean something else. */
  readonly #process = randomUUID().slice(0, 8);
  #changes = 0;
  #sequence = 0;
  readonly stores = new Occurrences();
  readonly outcomes = new Occurrences();
  /** By ARN of the state machine. */
  readonly ofMachine = new Occurrences();
  readonly runningOfMachine = new Occurrences();
  readonly counters = new CounterBook();

  constructor(stepFunctions: Pick<StepFunctions, 'watch'>) {
    stepFunctions.watch({
      started: (execution) => this.#started(execution),
      ended: (execution, kept) => this.#ended(execution, kept),
      dropped: (execution) => this.#dropped(execution),
    });
  }

  /** Another one after every change. */
  get version(): string {
    return `${this.#process}-${this.#changes}`;
  }

  get size(): number {
    return this.#byArn.size;
  }

  all(): IterableIterator<IndexedExecution> {
    return this.#byArn.values();
  }

  get(arn: string): IndexedExecution | undefined {
    return this.#byArn.get(arn);
  }

  #started(execution: Execution): void {
    const { arn, machine } = execution;
    this.#changes += 1;
    this.#sequence += 1;
    const entry = indexed(execution, this.#sequence);
    this.#byArn.set(arn, entry);
    this.stores.add(entry.store, 1);
    this.ofMachine.add(machine.arn, 1);
    this.runningOfMachine.add(machine.arn, 1);
    this.counters.started(entry);
  }

  #ended(execution: Execution, kept: Execution): void {
    const { arn, machine } = execution;
    this.#changes += 1;
    const started = this.#byArn.get(arn);
    const entry = withEnd(started ?? indexed(execution, this.#sequence), execution, kept);
    this.#byArn.set(arn, entry);
    this.outcomes.add(entry.outcome, 1);
    this.runningOfMachine.add(machine.arn, -1);
    this.counters.ended(entry);
  }

  #dropped({ arn, machine }: Execution): void {
    const entry = this.#byArn.get(arn);
    if (!entry) return;
    this.#changes += 1;
    this.#byArn.delete(arn);
    this.stores.add(entry.store, -1);
    this.outcomes.add(entry.outcome, -1);
    this.ofMachine.add(machine.arn, -1);
    this.counters.dropped(entry);
  }
}

/** An execution as it is now, outside of any index. */
export function indexedNow(execution: Execution): IndexedExecution {
  const started = indexed(execution, 0);
  return execution.status === 'RUNNING' ? started : withEnd(started, execution);
}

function indexed(execution: Execution, sequence: number): IndexedExecution {
  return {
    execution,
    sequence,
    store: storeOf(execution),
    counterId: counterIdOf(execution),
    isIncrement: isIncrement(execution),
    kind: 'running',
    outcome: undefined,
    durationMs: undefined,
    counter: undefined,
    max: limitIn(execution.input.value),
    remaining: undefined,
    by: numberIn(execution.input.value, 'by'),
  };
}

/** @param kept what is held of it from now on */
function withEnd(entry: IndexedExecution, execution: Execution, kept = execution): IndexedExecution {
  const { stopMs, startMs, output } = execution;
  const told = output?.value;
  return {
    execution: kept,
    sequence: entry.sequence,
    store: entry.store,
    counterId: entry.counterId,
    isIncrement: entry.isIncrement,
    by: entry.by,
    kind: outcomeKind(execution),
    outcome: outcomeOf(execution),
    durationMs: stopMs === undefined ? undefined : stopMs - startMs,
    counter: numberIn(told, 'counter') ?? counterLeaving(told),
    max: numberIn(told, 'max') ?? entry.max,
    remaining: numberIn(told, 'remaining'),
  };
}

/** What a counter held that was refused for want of room: known where some was left. */
function counterLeaving(told: unknown): number | undefined {
  const [max, remaining] = [numberIn(told, 'max'), numberIn(told, 'remaining')];
  return max !== undefined && remaining !== undefined && remaining > 0 ? max - remaining : undefined;
}

/** The row of the list. */
export function rowOf(entry: IndexedExecution): ExecutionRow {
  const { execution, kind, durationMs, outcome, store, counterId, counter, max, remaining, by } = entry;
  const { arn, name, machine, status, startMs } = execution;
  return {
    arn,
    name,
    machine: machine.name,
    status,
    kind,
    startMs,
    ...(durationMs !== undefined && { durationMs }),
    ...(outcome !== undefined && { outcome }),
    ...(store !== undefined && { store }),
    ...(counterId !== undefined && { counterId }),
    ...(counter !== undefined && { counter }),
    ...(max !== undefined && { max }),
    ...(remaining !== undefined && { remaining }),
    ...(by !== undefined && { by }),
  };
}
