import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Aws } from 'aws-cdk-lib';
import { DefinitionBody } from 'aws-cdk-lib/aws-stepfunctions';
import type { Configuration } from './configuration';
import { projectRoot } from './project-root';

interface State {
  Type: string;
  Resource?: string;
  TimeoutSeconds?: number;
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  Catch?: { Next: string }[];
  Branches?: StateMachine[];
}

interface StateMachine {
  StartAt: string;
  TimeoutSeconds?: number;
  States: Record<string, State>;
}

const PLACEHOLDER = /\$\{(\w+)\}/g;

/** How long an execution, a call of a function, and a direct call of an AWS service may take. */
export type TimeoutSettings = Pick<
  Configuration,
  'executionTimeoutSeconds' | 'taskTimeoutSeconds' | 'functionTimeoutSeconds'
>;

/**
 * A state machine of `state-machines/`, without the parts that are not deployed: choices with an unfilled placeholder
 * and states with one are removed, then the choices and branches that led to these states, then the states that are no
 * longer reachable. The file names integrations in AWS's commercial partition, as Workflow Studio does; they become those
 * of the stack's own partition.
 *
 * @param file the name of the file in `state-machines/`
 * @param substitutions a value for each `${placeholder}` of the deployed stores, which CloudFormation fills
 * @param options.timeouts replace the file's own. @default - the file's
 * @param options.constants values of further placeholders, as they stand in a JSON string, which are filled here. @default - none
 */
export function stateMachineDefinition(
  file: string,
  substitutions: Readonly<Record<string, string>>,
  { timeouts, constants = {} }: { timeouts?: TimeoutSettings; constants?: Readonly<Record<string, string>> } = {},
): DefinitionBody {
  const text = readFileSync(path.join(projectRoot(), 'state-machines', file), 'utf8').replace(
    PLACEHOLDER,
    (whole, name: string) => constants[name] ?? whole,
  );
  const machine = prune(JSON.parse(text) as StateMachine, (placeholder) => placeholder in substitutions);
  const definition = JSON.stringify(timeouts ? withTimeouts(machine, timeouts) : machine);
  return DefinitionBody.fromString(definition.replaceAll('"arn:aws:states:::', `"arn:${Aws.PARTITION}:states:::`));
}

function withTimeouts(machine: StateMachine, timeouts: TimeoutSettings): StateMachine {
  // With a key an unknown outcome is repeated, after a pause of a second at most: both attempts fit into the execution.
  const half = Math.floor((timeouts.executionTimeoutSeconds - 2) / 2);
  const States = Object.fromEntries(
    Object.entries(machine.States).map(([name, state]) => {
      if (state.Type !== 'Task') return [name, state];
      const seconds = state.Resource?.startsWith('arn:')
        ? timeouts.functionTimeoutSeconds
        : timeouts.taskTimeoutSeconds;
      return [name, { ...state, TimeoutSeconds: name.endsWith('with a key') ? Math.min(seconds, half) : seconds }];
    }),
  );
  return { ...machine, TimeoutSeconds: timeouts.executionTimeoutSeconds, States };
}

function prune<T extends StateMachine>(machine: T, isFilled: (placeholder: string) => boolean): T {
  const states = Object.fromEntries(
    Object.entries(machine.States)
      .map(([name, state]) => [name, withoutEmptyBranches(withFilledChoices(state, isFilled), isFilled)] as const)
      .filter(([, state]) => placeholders(state).every(isFilled)),
  );
  for (const state of Object.values(states)) {
    if (state.Choices) state.Choices = state.Choices.filter(({ Next }) => Next in states);
  }
  const reachable = reachableFrom(machine.StartAt, states);
  return { ...machine, States: Object.fromEntries(Object.entries(states).filter(([name]) => reachable.has(name))) };
}

function withFilledChoices(state: State, isFilled: (placeholder: string) => boolean): State {
  if (!state.Choices) return state;
  return { ...state, Choices: state.Choices.filter((choice) => placeholders(choice).every(isFilled)) };
}

function withoutEmptyBranches(state: State, isFilled: (placeholder: string) => boolean): State {
  if (!state.Branches) return state;
  const branches = state.Branches.map((branch) => prune(branch, isFilled));
  return { ...state, Branches: branches.filter((branch) => branch.StartAt in branch.States) };
}

function placeholders(part: object): string[] {
  return Array.from(JSON.stringify(part).matchAll(PLACEHOLDER), ([, name = '']) => name);
}

function reachableFrom(start: string, states: Record<string, State>, seen = new Set<string>()): Set<string> {
  const state = states[start];
  if (!state || seen.has(start)) return seen;
  seen.add(start);
  const next = [
    state.Next,
    state.Default,
    ...[...(state.Choices ?? []), ...(state.Catch ?? [])].map(({ Next }) => Next),
  ];
  for (const name of next) if (name !== undefined) reachableFrom(name, states, seen);
  return seen;
}
