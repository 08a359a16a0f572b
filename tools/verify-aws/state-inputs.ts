import type { TestStateCommandInput } from '@aws-sdk/client-sfn';
import type { Laptop } from './laptop';
import { causesOf, CHOICE_SAMPLES, type Mock, resultsOf, type Sample, STATE_INPUTS, UNLISTED_ERROR } from './samples';

export interface Definition {
  readonly QueryLanguage?: string;
  readonly States: Readonly<Record<string, DefinedState>>;
}

interface DefinedState {
  readonly Type: string;
  readonly Resource?: string;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts?: number }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Choices?: readonly { readonly Condition: string }[];
  readonly Branches?: readonly Definition[];
}

/** A state, and a definition that has it at the top level: its machine's, or that of its branch. */
export interface Place {
  readonly stateName: string;
  readonly state: DefinedState;
  readonly definition: Definition;
}

/** The states of a machine and of its branches. */
export function* placesIn(definition: Definition): Generator<Place> {
  for (const [stateName, state] of Object.entries(definition.States)) {
    yield { stateName, state, definition };
    const { QueryLanguage } = definition;
    for (const branch of state.Branches ?? []) yield* placesIn({ ...(QueryLanguage && { QueryLanguage }), ...branch });
  }
}

type StateInput = Omit<TestStateCommandInput, 'definition' | 'stateName'>;

/** The input of a test of a state. */
export interface Planned {
  readonly label: string;
  /** For a Choice: the rule to be reached. */
  readonly rule?: string;
  /** Undefined if no sample reaches it. */
  readonly input?: StateInput;
}

const CALLING = ['Task', 'Parallel', 'Map'];

/**
 * The tests of a state: a Task with mocked results and errors, with its retries unused and used up; a Choice with an
 * input for every rule; every other state with typical inputs.
 */
export async function inputsOf(place: Place, laptop: Laptop): Promise<Planned[]> {
  const { state } = place;
  if (state.Type === 'Choice') return choiceInputs(place, laptop);
  if (CALLING.includes(state.Type)) return mockedInputs(state);
  return STATE_INPUTS.map((sample) => ({ label: JSON.stringify(sample.input), input: stateInput(sample) }));
}

function stateInput({ input, variables }: Sample): StateInput {
  return { input: JSON.stringify(input), ...(variables && { variables: JSON.stringify(variables) }) };
}

function mockedInputs(state: DefinedState): Planned[] {
  const { Resource = '', Branches, Type } = state;
  const mocked = (label: string, mock: Mock, retries?: number): Planned => ({
    label,
    input: mockedInput(mock, retries),
  });
  const results =
    Type === 'Task' ? resultsOf(Resource) : [Branches?.map((_, index) => ({ [`branch${index}`]: 'ready' })) ?? []];
  return [
    ...results.map((result) => mocked(JSON.stringify(result), { result })),
    ...errorsOf(state).flatMap(({ error, retries }) =>
      causesOf(Resource, error).map((cause) =>
        mocked(`${error}${retries === undefined ? '' : `, ${retries} retries used`}`, { error, cause }, retries),
      ),
    ),
  ];
}

/**
 * Every error that the state names, and one that it doesn't; retried ones once before the first retry and once after
 * the last.
 */
function errorsOf({ Retry = [], Catch = [] }: DefinedState): { error: string; retries?: number }[] {
  const named = [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals).filter((name) => name !== 'States.ALL');
  return Array.from(new Set([...named, UNLISTED_ERROR])).flatMap((error) => {
    const retrier = Retry.find(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'));
    if (!retrier) return [{ error }];
    return Array.from(new Set([0, retrier.MaxAttempts ?? 3]), (retries) => ({ error, retries }));
  });
}

function mockedInput(mock: Mock, retries?: number): StateInput {
  const [sample = { input: {} }] = STATE_INPUTS;
  return {
    ...stateInput(sample),
    context: JSON.stringify({ Execution: { Input: sample.input } }),
    mock: 'result' in mock ? { result: JSON.stringify(mock.result) } : { errorOutput: { ...mock } },
    ...(retries !== undefined && { stateConfiguration: { retrierRetryCount: retries } }),
  };
}

/** For each rule, and for the default, the first sample that reaches it on the laptop. */
async function choiceInputs({ state, definition }: Place, laptop: Laptop): Promise<Planned[]> {
  const { Choices = [] } = state;
  const rules = [...Choices.map((_, index) => `rule ${index + 1}`), 'the default'];
  const told = Choices.map(({ Condition }, index) => ({ Condition, Next: rules[index] }));
  const { QueryLanguage } = definition;
  const marked = JSON.stringify({
    ...(QueryLanguage && { QueryLanguage }),
    Type: 'Choice',
    Choices: told,
    Default: rules.at(-1),
  });
  const reached = new Map<unknown, Sample>();
  for (const sample of CHOICE_SAMPLES) {
    const { nextState } = await laptop.call('TestState', { definition: marked, ...stateInput(sample) });
    if (!reached.has(nextState)) reached.set(nextState, sample);
  }
  return rules.map((rule) => {
    const sample = reached.get(rule);
    return { label: rule, rule, ...(sample && { input: stateInput(sample) }) };
  });
}
