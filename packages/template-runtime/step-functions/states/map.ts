import { QueryEvaluationError, ServiceError, StateError } from '../errors';
import { numberProblem, READS_INPUT, READS_RESULT } from '../definition/fields';
import type { Fields } from '../definition/fields';
import type { Frame } from '../execution/frame';
import type { EventDetails } from '../execution/history';
import { runGraph } from '../execution/interpreter';
import type { State, StateGraph } from '../execution/interpreter';
import { dataLimitExceeded, Payload } from '../execution/payload';
import type { Probe } from '../execution/probe';
import { withRetryAndCatch } from '../execution/retry-catch';
import type { Template } from '../definition/payload-field';
import { typedField } from '../definition/typed-field';
import { Visit } from '../execution/visit';
import { runTogether } from './branches';
import type { Group } from './branches';
import { errorPolicies } from './error-policies';
import { compileTolerance, exceeds } from './map-tolerance';
import type { Tolerance } from './map-tolerance';

/**
 * The most iterations of an inline Map state that run at once.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
 */
const MOST_AT_ONCE = 40;

/**
 * A Map state, inline: runs its processor once for each item; its result is the array of the outputs, in the items' order.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
 */
export function compileMap(
  name: string,
  fields: Fields,
  compileGraph: (fields: Fields) => StateGraph,
  isTest: boolean,
): State {
  const processor = compileProcessor(processorOf(fields), compileGraph, isTest);
  const items = typedField(fields, 'Items', 'array');
  const maxConcurrency = typedField(fields, 'MaxConcurrency', 'number', {
    evaluated: concurrencyProblem,
    written: (value) => numberProblem(value, { least: 0 }),
  });
  const tolerance = compileTolerance(fields);
  const selector = fields.template('ItemSelector', READS_INPUT);
  const templates = { output: fields.template('Output', READS_RESULT), assign: fields.assign(READS_RESULT) };
  const policies = errorPolicies(fields);
  const next = fields.next();

  const attempt = async (visit: Visit) => {
    const values = items ? await items.read(visit) : inputItems(visit);
    const atOnce = (await maxConcurrency?.read(visit)) ?? 0;
    const iterations = new Iterations(visit, processor, values, selector);
    visit.frame.add('MapStateStarted', { length: values.length });
    const tolerated = await tolerance(visit);
    const { probe } = visit.frame.execution;
    if (probe) Object.assign(probe.inspection, { maxConcurrency: atOnce, ...tolerated });
    const outputs = probe?.mock
      ? await iterations.mocked(probe, tolerated)
      : await iterations.run(atOnce === 0 ? MOST_AT_ONCE : Math.min(atOnce, MOST_AT_ONCE));
    const result = new Payload(outputs);
    if (result.isTooLarge && !templates.output) throw dataLimitExceeded(name);
    return await visit.result(templates, result, visit.bindings({ result: result.value }), next);
  };

  return {
    name,
    type: 'Map',
    innerStates: [...processor.states.keys()],
    async run(frame, input) {
      const visit = new Visit(frame, 'Map', name, input);
      frame.abortable = 'Map';
      visit.retryCount = 0;
      const fail = (): void => void frame.add('MapStateFailed');
      const exit = await withRetryAndCatch(visit, policies, () => attempt(visit), fail);
      return visit.leave(exit);
    },
  };
}

/** `Iterator` is the older name of the same. */
export function processorOf(fields: Fields): Fields {
  fields.requireOneOf('ItemProcessor', 'Iterator');
  const name = ['ItemProcessor', 'Iterator'].find((candidate) => fields.has(candidate));
  return name === undefined ? fields.reading.problems.giveUp() : fields.within(name);
}

function compileProcessor(fields: Fields, compileGraph: (fields: Fields) => StateGraph, isTest: boolean): StateGraph {
  if (fields.has('ProcessorConfig')) {
    const config = fields.within('ProcessorConfig');
    const mode = config.oneOf('Mode', ['INLINE', 'DISTRIBUTED']) ?? 'INLINE';
    if (mode === 'DISTRIBUTED' && !isTest) {
      config.reportNotEmulated(`A Map state's processor runs INLINE here; ${mode} is not emulated`, 'Mode');
    }
    config.allow('Mode', 'ExecutionType');
  }
  return compileGraph(fields);
}

function concurrencyProblem(value: number): string | undefined {
  if (Number.isInteger(value) && value >= 0) return undefined;
  return `The MaxConcurrency field must be a whole number of at least 0, but was: ${value}`;
}

/** Without `Items` the state's input is the array. */
function inputItems(visit: Visit): readonly unknown[] {
  const { value, text } = visit.input;
  if (Array.isArray(value)) return value;
  throw visit.evaluationFailed(
    new QueryEvaluationError(undefined, `Map state input must be an array but was: ${text}`),
  );
}

/** The iterations of one try of a Map state. */
class Iterations {
  readonly #frame: Frame;
  readonly #outputs: unknown[];
  readonly #indexes = new Map<Frame, number>();
  #started = 0;

  constructor(
    private readonly visit: Visit,
    private readonly processor: StateGraph,
    private readonly items: readonly unknown[],
    private readonly selector: Template | undefined,
  ) {
    this.#frame = visit.frame;
    this.#outputs = new Array<unknown>(items.length);
  }

  /** @returns the outputs; the frame then stands at the last iteration's end */
  async run(atOnce: number): Promise<unknown[]> {
    const first = this.#frame.previous;
    await runTogether(this.#frame, (group) => {
      const begun = Array.from({ length: Math.min(atOnce, this.items.length) }, () => this.#begin(group, first));
      return begun.map((iteration) => this.#follow(group, iteration));
    });
    this.#frame.execution.history.add('MapStateSucceeded', this.#frame.previous);
    return this.#outputs;
  }

  /**
   * The outputs that TestState was given instead of iterations.
   *
   * @throws StateError the mocked one, or that too many iterations failed: recorded only where the state names a threshold
   */
  async mocked({ mock, failedIterations = 0, inspection }: Probe, tolerated: Tolerance): Promise<unknown> {
    if (this.selector) {
      const frames = this.items.map((value, Index) => {
        return this.#frame.child(this.#frame.scope, this.#frame.previous, { Item: { Index, Value: value } });
      });
      const selected: unknown[] = [];
      for (const frame of frames) selected.push(await this.#select(frame, this.selector));
      inspection.afterItemSelector = JSON.stringify(selected);
    }
    const outputs = mock?.();
    if (failedIterations > this.items.length) {
      const problem = 'Map iteration failure count must be less than or equal to the number of Map iterations';
      throw new ServiceError('ValidationException', problem);
    }
    if (exceeds(failedIterations, this.items.length, tolerated)) {
      throw new StateError(
        'States.ExceedToleratedFailureThreshold',
        'The specified tolerated failure threshold was exceeded',
      );
    }
    return outputs;
  }

  /** Starts the next iteration: its event comes first, its states run later. */
  #begin(group: Group, previous: number): { frame: Frame; index: number } {
    const index = this.#started;
    this.#started += 1;
    const mapItem = { Item: { Index: index, Value: this.items[index] } };
    const frame = group.frame(previous, mapItem);
    this.#indexes.set(frame, index);
    frame.add('MapIterationStarted', this.#details(frame));
    return { frame, index };
  }

  /** Runs one iteration after the other, as long as there are any. */
  async #follow(group: Group, begun: { frame: Frame; index: number }): Promise<void> {
    let iteration = begun;
    for (;;) {
      const { frame, index } = iteration;
      const fail = group.failedIn(frame, {
        failed: () => this.#tell('MapIterationFailed', frame, frame.previous),
        aborted: (other) => this.#tell('MapIterationAborted', other, frame.previous),
      });
      const output = await this.#iterate(frame, index).catch(fail);
      this.#outputs[index] = output.value;
      const last = frame.previous;
      this.#frame.moveTo(this.#tell('MapIterationSucceeded', frame, last));
      group.done(frame);
      this.#indexes.delete(frame);
      if (this.#started === this.items.length) return;
      iteration = this.#begin(group, last);
    }
  }

  async #iterate(frame: Frame, index: number): Promise<Payload> {
    const input = new Payload(this.selector ? await this.#select(frame, this.selector) : this.items[index]);
    if (input.isTooLarge) throw dataLimitExceeded(this.visit.name);
    return runGraph(this.processor, frame, input);
  }

  /** `ItemSelector` sees the Map state's input, and the item in the context object. */
  #select(frame: Frame, selector: Template): unknown {
    const context = Object.assign({}, this.visit.context, { Map: frame.mapItem });
    const states = { input: this.visit.input.value, context };
    return this.visit.evaluate(selector, { states, ...this.#frame.variables });
  }

  #tell(type: string, iteration: Frame, previous: number): number {
    return this.#frame.execution.history.add(type, previous, this.#details(iteration));
  }

  #details(iteration: Frame): EventDetails {
    return { name: this.visit.name, index: this.#indexes.get(iteration) };
  }
}
