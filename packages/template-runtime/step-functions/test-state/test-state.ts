import { randomUUID } from 'node:crypto';
import { compileDefinition } from '../definition/definition';
import type { Definition } from '../definition/definition';
import { ServiceError, StateError } from '../errors';
import type { ExpressionThreads } from '../expressions/threads';
import { Frame, ScopeEnded } from '../execution/frame';
import type { ExecutionContext, Variables } from '../execution/frame';
import { History } from '../execution/history';
import type { Integration } from '../integrations/integration';
import type { State } from '../execution/interpreter';
import { Payload } from '../execution/payload';
import { Retriable } from '../execution/probe';
import type { Inspection, Probe } from '../execution/probe';
import { Scope } from '../../scope';
import { refusingDefinition } from '../state-machines';
import { checkContext } from './context';
import type { Exit } from '../execution/visit';

/** TestState's parameters, checked one by one. */
export interface TestStateRequest {
  /** A state, or with `stateName` a state machine. */
  readonly definition: string;
  readonly input: unknown;
  readonly inspectionLevel: 'INFO' | 'DEBUG' | 'TRACE';
  readonly roleArn?: string;
  readonly variables: Variables;
  readonly stateName?: string;
  readonly mock?: Mock | undefined;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly usedRetries: number;
  readonly failedIterations?: number;
  readonly errorCausedByState?: string;
}

export type Mock = { readonly result: unknown } | { readonly error: string; readonly cause: string };

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html */
export interface TestStateOutput {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'RETRIABLE' | 'CAUGHT_ERROR';
  readonly output?: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly nextState?: string;
  readonly inspectionData?: Inspection & { readonly input: string; readonly variables?: string };
}

export interface TestStateOptions extends Pick<ExecutionContext, 'clock' | 'turn' | 'random' | 'region'> {
  readonly account: string;
  readonly threads: ExpressionThreads;
  readonly integration: (resource: string) => Integration | undefined;
}

/** What a state is called while it is tested, whatever its machine calls it (recorded). */
const ONLY_STATE = 'StateName';

/** TestState runs up to five minutes: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html */
const LONGEST_TEST_MS = 300_000;

/**
 * Runs a single state and tells how it ended.
 *
 * @throws ServiceError InvalidDefinition, ValidationException
 */
export async function testState(request: TestStateRequest, options: TestStateOptions): Promise<TestStateOutput> {
  const { definition, stateName, mock } = request;
  const { threads } = options;
  const emulated = (resource: string): Integration => options.integration(resource) ?? notEmulated;
  const compile = (text: string, integration: TestStateOptions['integration']): Definition =>
    refusingDefinition(() => compileDefinition(text, { threads, type: 'STANDARD', integration, isTest: true }));
  // Of a whole machine only one state runs: what the others call isn't asked.
  if (stateName !== undefined) compile(definition, () => () => Promise.resolve(null));
  const alone = compile(machineOf(definition, stateName), mock ? () => () => mocked(mock) : emulated);
  const state = alone.states.get(ONLY_STATE);
  if (!state) throw new Error('A machine of one state has lost it');
  checkRequest(request, state);
  const inspection: Inspection = {};
  const scope = new Scope();
  const frame = new Frame(contextOf(request, options, inspection), scope, 0, request.variables);
  const input = new Payload(request.input);
  const cancel = options.clock.after(LONGEST_TEST_MS, () => scope.end(new ScopeEnded('States.Timeout')));
  try {
    const end = await endOf(state, frame, input);
    const told = request.inspectionLevel === 'INFO' ? undefined : inspect(inspection, input, frame.variables);
    return { ...end, ...(told && { inspectionData: told }) };
  } finally {
    cancel();
  }
}

/** A state becomes the only one of a machine. */
function machineOf(definition: string, stateName: string | undefined): string {
  if (stateName === undefined) return `{"StartAt":"${ONLY_STATE}","States":{"${ONLY_STATE}":${definition}}}`;
  const { QueryLanguage, States } = JSON.parse(definition) as {
    readonly QueryLanguage?: string;
    readonly States: Readonly<Record<string, unknown>>;
  };
  if (!Object.hasOwn(States, stateName)) throw new ServiceError('ValidationException', 'State not found in definition');
  return JSON.stringify({ QueryLanguage, StartAt: ONLY_STATE, States: { [ONLY_STATE]: States[stateName] } });
}

const mocked = (mock: Mock): Promise<unknown> => new Promise((resolve) => resolve(answerOf(mock)));

const notEmulated: Integration = ({ resource }) =>
  Promise.reject(new ServiceError('InvalidDefinition', `The resource ${resource} is not emulated: give a mock`));

/** @throws StateError the mocked error */
function answerOf(mock: Mock): unknown {
  if ('error' in mock) throw new StateError(mock.error, mock.cause);
  return mock.result;
}

const MOCKED_TYPES = ['Task', 'Map', 'Parallel'];

/** The messages were recorded: test_state_mock_validation.snapshot.json, test_test_state_scenarios.snapshot.json. */
function checkRequest({ mock, context, roleArn, errorCausedByState }: TestStateRequest, state: State): void {
  const refuse = (problem: string): never => {
    throw new ServiceError('ValidationException', problem);
  };
  const { type, branches, innerStates } = state;
  if (!mock) {
    if (type === 'Task' && roleArn === undefined) refuse('RoleArn must be specified when testing a Task state');
    if (type !== 'Map' && type !== 'Parallel') return;
    throw new ServiceError(
      'InvalidDefinition',
      'TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]',
    );
  }
  if (!MOCKED_TYPES.includes(type)) refuse(`State type '${type}' is not supported when a mock is specified`);
  if (context) checkContext(context, state.isCallback ?? false);
  if (errorCausedByState !== undefined && !innerStates?.includes(errorCausedByState)) {
    refuse(`State '${errorCausedByState}' is not inside the tested state`);
  }
  if (!('result' in mock) || type === 'Task') return;
  if (!Array.isArray(mock.result)) refuse('Mocked result must be an array.');
  else if (branches !== undefined && mock.result.length !== branches) {
    refuse('Mocked result must contain the same number of items as number of Parallel branches.');
  }
}

function contextOf(request: TestStateRequest, options: TestStateOptions, inspection: Inspection): ExecutionContext {
  const { mock, context, usedRetries, failedIterations } = request;
  const probe: Probe = {
    usedRetries,
    inspection,
    ...(mock && { mock: () => answerOf(mock) }),
    ...(context && { context }),
    ...(failedIterations !== undefined && { failedIterations }),
  };
  const { clock, turn, random, region } = options;
  const history = new History(clock.now, () => undefined);
  return { history, clock, turn, random, region, probe, contextObject: contextObject(request, options) };
}

/** As an Express execution's, of a machine that doesn't exist (recorded). */
function contextObject({ input, roleArn }: TestStateRequest, options: TestStateOptions): Record<string, unknown> {
  const { region, account, clock } = options;
  const [machine, execution] = [randomUUID(), randomUUID()];
  const arn = `arn:aws:states:${region}:${account}`;
  return {
    Execution: {
      Id: `${arn}:express:${machine}:${execution}`,
      Input: input,
      StartTime: new Date(clock.now()).toISOString(),
      Name: execution,
      RoleArn: roleArn ?? null,
    },
    StateMachine: { Id: `${arn}:stateMachine:${machine}`, Name: machine },
  };
}

async function endOf(state: State, frame: Frame, input: Payload): Promise<Omit<TestStateOutput, 'inspectionData'>> {
  let exit: Exit;
  try {
    exit = await state.run(frame, input);
  } catch (error) {
    if (error instanceof Retriable) return { status: 'RETRIABLE', ...errorOf(error.cause) };
    if (error instanceof ScopeEnded) return { status: 'FAILED', error: error.message };
    if (!(error instanceof StateError)) throw error;
    return { status: 'FAILED', ...errorOf(error) };
  }
  const next = exit.next !== undefined && { nextState: exit.next };
  const output = exit.output.text;
  if (exit.caught) return { status: 'CAUGHT_ERROR', output, ...next, ...errorOf(exit.caught) };
  return { status: 'SUCCEEDED', output, ...next };
}

function errorOf({ error, cause }: StateError): Pick<TestStateOutput, 'error' | 'cause'> {
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}

function inspect(inspection: Inspection, input: Payload, variables: Variables): TestStateOutput['inspectionData'] {
  const hasVariables = Object.keys(variables).length > 0;
  return { input: input.text, ...inspection, ...(hasVariables && { variables: JSON.stringify(variables) }) };
}
