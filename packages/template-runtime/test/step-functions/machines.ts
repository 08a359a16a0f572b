import { startStepFunctions } from '../../step-functions';
import type { StateMachineDefinition, StepFunctions, StepFunctionsOptions } from '../../step-functions';

export const arnOf = (name: string): string => `arn:aws:states:eu-west-1:123456789012:stateMachine:${name}`;

/** A machine of JSONata states; the first one is where it starts. */
export function machine(
  name: string,
  states: Readonly<Record<string, unknown>>,
  options: Partial<StateMachineDefinition> & { readonly timeoutSeconds?: number } = {},
): StateMachineDefinition {
  const { timeoutSeconds, ...others } = options;
  return {
    arn: arnOf(name),
    name,
    type: 'EXPRESS',
    definition: JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: Object.keys(states)[0],
      ...(timeoutSeconds !== undefined && { TimeoutSeconds: timeoutSeconds }),
      States: states,
    }),
    ...others,
  };
}

export function start(
  stateMachines: readonly StateMachineDefinition[],
  options: Partial<StepFunctionsOptions> = {},
): StepFunctions {
  return startStepFunctions({
    region: 'eu-west-1',
    account: '123456789012',
    integrations: {},
    stateMachines,
    ...options,
  });
}

/** An execution's history in short: type and previous event. */
export const inShort = (stepFunctions: StepFunctions, executionArn: string): string[] =>
  stepFunctions.history(executionArn).map(({ type, previousEventId }) => `${type} <- ${previousEventId}`);
