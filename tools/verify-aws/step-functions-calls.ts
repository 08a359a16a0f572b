import {
  type SFNClient,
  TestStateCommand,
  type TestStateCommandInput,
  type TestStateCommandOutput,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import type { StateMachineDefinition } from 'template-runtime/step-functions';
import { type Answer, type Call, type Gap, type Group, parsed } from './call';
import type { Laptop } from './laptop';
import { causesOf, CHOICE_SAMPLES, type Mock, resultsOf, type Sample, STATE_INPUTS, UNLISTED_ERROR } from './samples';

interface Definition {
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

/** A state, and a definition in which it stands at the top: its machine's, or that of its branch. */
interface Place {
  readonly stateName: string;
  readonly state: DefinedState;
  readonly definition: Definition;
}

/** Both sides of Step Functions. */
export interface BothStepFunctions {
  readonly client: SFNClient;
  readonly laptop: Laptop;
}

/**
 * `ValidateStateMachineDefinition` of each machine. Only the result is compared, for the codes and words may change.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
 */
export function validationGroup(machines: readonly StateMachineDefinition[], both: BothStepFunctions): Group {
  const action = 'ValidateStateMachineDefinition';
  const calls = machines.map(({ name, definition, type }): Call => {
    const input = { definition, type };
    return {
      what: name,
      expect: async () => ({ result: (await both.laptop.call(action, input))['result'] }),
      async ask(abortSignal) {
        const command = new ValidateStateMachineDefinitionCommand(input);
        const { result, diagnostics = [] } = await both.client.send(command, { abortSignal });
        const told = diagnostics.map(({ code, message, location }) => `${code} ${message} ${location ?? ''}`.trim());
        return { result: result === 'OK' ? result : `${result}: ${told.join('; ')}` };
      },
    };
  });
  return { action, about: 'definitions', calls, gaps: [] };
}

/**
 * `TestState` of each state of a machine: a Task with mocked results and errors, with its retries unused and used up; a Choice
 * with an input for every rule; every other state with inputs as it may get them.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
 */
export async function testStateGroup(machine: StateMachineDefinition, both: BothStepFunctions): Promise<Group> {
  const calls: Call[] = [];
  const gaps: Gap[] = [];
  for (const place of placesIn(JSON.parse(machine.definition) as Definition)) {
    const planned = place.state.Type === 'Choice' ? await choiceInputs(place, both.laptop) : inputsOf(place);
    for (const { label, rule, input } of planned) {
      const what = `${place.stateName}: ${label}`;
      if (input) calls.push(testState(what, { ...input, ...testedState(place) }, both));
      else gaps.push({ what, reason: `no input of the samples reaches ${rule}` });
    }
  }
  return { action: 'TestState', about: machine.name, calls, gaps };
}

function* placesIn(definition: Definition): Generator<Place> {
  for (const [stateName, state] of Object.entries(definition.States)) {
    yield { stateName, state, definition };
    const { QueryLanguage } = definition;
    for (const branch of state.Branches ?? []) yield* placesIn({ ...(QueryLanguage && { QueryLanguage }), ...branch });
  }
}

const testedState = ({ definition, stateName }: Place): Pick<TestStateCommandInput, 'definition' | 'stateName'> => ({
  definition: JSON.stringify(definition),
  stateName,
});

type StateInput = Omit<TestStateCommandInput, 'definition' | 'stateName'>;

interface Planned {
  readonly label: string;
  /** Of a Choice: the rule that is to be reached. */
  readonly rule?: string;
  /** Undefined where no sample reaches it. */
  readonly input?: StateInput;
}

const CALLING = ['Task', 'Parallel', 'Map'];

function inputsOf({ state }: Place): Planned[] {
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

/** Every error that the state names, and one that it doesn't; where it is retried, once before the first retry and once after the last. */
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

function testState(what: string, parameters: TestStateCommandInput, { client, laptop }: BothStepFunctions): Call {
  const input: TestStateCommandInput = { ...parameters, inspectionLevel: 'DEBUG' };
  return {
    what,
    async expect() {
      const output = await laptop.call('TestState', input);
      return 'refused' in output ? output : compared(output);
    },
    ask: async (abortSignal) => compared(await client.send(new TestStateCommand(input), { abortSignal })),
  };
}

/** What can be compared: how long a retry waits is by chance where it has jitter. */
function compared(tested: Partial<TestStateCommandOutput>): Answer {
  const { status, output, nextState, error, cause, inspectionData: inspection = {} } = tested;
  const { afterArguments, result, variables, errorDetails: { catchIndex, retryIndex } = {} } = inspection;
  return {
    ...{ status, nextState, error, cause: parsed(cause), output: parsed(output) },
    ...{
      arguments: parsed(afterArguments),
      result: parsed(result),
      variables: parsed(variables),
      catchIndex,
      retryIndex,
    },
  };
}
