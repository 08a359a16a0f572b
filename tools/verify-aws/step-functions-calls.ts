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
import { type Definition, inputsOf, placesIn } from './state-inputs';

/** Step Functions on both sides. */
export interface BothStepFunctions {
  readonly client: SFNClient;
  readonly laptop: Laptop;
}

/**
 * `ValidateStateMachineDefinition` of each machine. Only the result is compared, since the codes and messages may
 * change.
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
 * `TestState` of each state of a machine.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
 */
export async function testStateGroup(machine: StateMachineDefinition, both: BothStepFunctions): Promise<Group> {
  const calls: Call[] = [];
  const gaps: Gap[] = [];
  for (const place of placesIn(JSON.parse(machine.definition) as Definition)) {
    const { stateName } = place;
    const definition = JSON.stringify(place.definition);
    for (const { label, rule, input } of await inputsOf(place, both.laptop)) {
      const what = `${stateName}: ${label}`;
      if (input) calls.push(testState(what, { ...input, definition, stateName }, both));
      else gaps.push({ what, reason: `no input of the samples reaches ${rule}` });
    }
  }
  return { action: 'TestState', about: machine.name, calls, gaps };
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

/** Longer than any two clocks differ, in seconds. */
const ABOUT_NOW_SECONDS = 3600;

/** A state's output, where the time at which it was tested is `now`: each side has its own. */
function outputOf(text: string | undefined): unknown {
  const output = parsed(text);
  const { sentAt } = Object(output) as { sentAt?: unknown };
  const isNow = typeof sentAt === 'number' && Math.abs(sentAt - Date.now() / 1000) < ABOUT_NOW_SECONDS;
  return isNow ? { ...(output as object), sentAt: 'now' } : output;
}

/** What can be compared: the wait before a retry with jitter is random. */
function compared(tested: Partial<TestStateCommandOutput>): Answer {
  const { status, output, nextState, error, cause, inspectionData: inspection = {} } = tested;
  const { afterArguments, result, variables, errorDetails: { catchIndex, retryIndex } = {} } = inspection;
  return {
    ...{ status, nextState, error, cause: parsed(cause), output: outputOf(output) },
    ...{
      arguments: parsed(afterArguments),
      result: parsed(result),
      variables: parsed(variables),
      catchIndex,
      retryIndex,
    },
  };
}
