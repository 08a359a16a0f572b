import jsonata from 'jsonata';
import { startStepFunctions } from 'template-runtime/step-functions';
import type { Bench } from './bench';
import { compared, HOW_COMPARED, measurePair } from './measure';

const ARN = 'arn:aws:states:eu-west-1:123456789012:stateMachine:bench';
const RESOURCE = 'arn:aws:states:::bench:call';
const INPUT = { store: 'redis', id: 'votes', max: '10' };
const RESULT = { counter: 4 };

/** The expressions of the machine below, with their input: an execution evaluates each of them once. */
const EXPRESSIONS: readonly (readonly [source: string, states: Readonly<Record<string, unknown>>])[] = [
  ["$states.input.store = 'redis'", { input: INPUT }],
  ['$states.input.id', { input: INPUT }],
  ['$number($states.input.max)', { input: INPUT }],
  ['$states.result.counter', { result: RESULT }],
  ["$states.input.counter & ''", { input: RESULT }],
];

const [CONDITION, ID, MAX, COUNTER, TEXT] = EXPRESSIONS.map(([source]) => `{% ${source} %}`);

const DEFINITION = {
  QueryLanguage: 'JSONata',
  StartAt: 'Which store?',
  States: {
    'Which store?': { Type: 'Choice', Choices: [{ Condition: CONDITION, Next: 'Increment' }], Default: 'Answer' },
    Increment: {
      Type: 'Task',
      Resource: RESOURCE,
      Arguments: { id: ID, max: MAX },
      Output: { counter: COUNTER },
      Next: 'Answer',
    },
    Answer: { Type: 'Pass', Output: { counter: TEXT }, End: true },
  },
};

const STATES = Object.keys(DEFINITION.States).length;

/**
 * Compares executions of Choice + Task (answered at once) + Pass, with their history, to the bare jsonata evaluations
 * that they contain.
 */
export async function benchStepFunctions({ signal, next, table, note }: Bench): Promise<void> {
  const stepFunctions = startStepFunctions({
    region: 'eu-west-1',
    account: '123456789012',
    integrations: { [RESOURCE]: () => Promise.resolve(RESULT) },
    stateMachines: [{ arn: ARN, name: 'bench', type: 'EXPRESS', definition: JSON.stringify(DEFINITION) }],
    keep: { executions: 1000 },
  });
  const input = JSON.stringify(INPUT);
  const execute = async (): Promise<void> => {
    const { status, cause } = await stepFunctions.startSyncExecution({ stateMachineArn: ARN, input });
    if (status !== 'SUCCEEDED') throw new Error(`the run is invalid: an execution ended ${status}: ${cause}`);
  };
  const compiled = EXPRESSIONS.map(([source, states]) => ({ expression: jsonata(source), bindings: { states } }));
  const evaluate = async (): Promise<void> => {
    for (const { expression, bindings } of compiled) await expression.evaluate(undefined, bindings);
  };
  try {
    await execute();
    const [execution] = stepFunctions.executions();
    const { add } = table([
      ...['at once', 'bare jsonata µs', 'execution', 'execution to bare'],
      ...['bare jsonata CPU µs', 'execution', 'execution to bare'],
    ]);
    for (const [index, clients] of [1, 32].entries()) {
      next(`${clients} at once`, index, 2);
      const rounds = await measurePair(execute, evaluate, { clients, calls: 20_000, signal });
      add([
        String(clients),
        ...compared(rounds, ({ callsPerSecond }) => 1e6 / callsPerSecond, 1),
        ...compared(rounds, ({ processorUs }) => processorUs, 1),
      ]);
    }
    HOW_COMPARED.forEach(note);
    const events = execution?.history.events.length ?? 0;
    note(
      `An execution: ${STATES} states, ${events} events recorded, ${EXPRESSIONS.length} JSONata evaluations; ` +
        `"bare jsonata" are those ${EXPRESSIONS.length} evaluations alone, compiled before.`,
    );
  } finally {
    await stepFunctions.close();
  }
}
