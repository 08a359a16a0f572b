import { createLogs, type LogEvent } from 'template-runtime/cloudwatch';
import { startStepFunctions, type StateMachineDefinition, TaskError } from 'template-runtime/step-functions';
import type { Answer } from './call';
import { type Ending, type Mock, mocksOf } from './samples';

/** The laptop's runtime of the CloudFormation template's state machines, with mocks for everything that they call. */
export interface Laptop {
  /** Answers one call of Step Functions' API, as JSON; a refusal is the answer `{ refused }`. */
  call(action: string, parameters: object): Promise<Answer>;
  /**
   * Runs an execution in which every task has the result of the mock of that name.
   *
   * @returns the log events that it wrote, at its log's level
   */
  execute(machine: StateMachineDefinition, input: object, ending: Ending): Promise<LogEvent[]>;
  close(): Promise<void>;
}

export interface LaptopOptions {
  readonly region: string;
  readonly account: string;
  readonly stateMachines: readonly StateMachineDefinition[];
}

/** Starts it; it opens no port. */
export function startLaptop({ region, account, stateMachines }: LaptopOptions): Laptop {
  const logs = createLogs();
  let ending: Ending = 'incremented';
  const stepFunctions = startStepFunctions({
    region,
    account,
    stateMachines,
    // A prefix of every resource: only the mocks are called.
    integrations: { 'arn:': ({ resource }) => answer(mocksOf(resource)[ending]) },
    writeLog: (group, log, number, type) => logs.putLater(group, 'executions', log, number, type),
  });
  // The runtime's timers keep no process alive, as its server does that elsewhere: a Wait state would end this one.
  const alive = setInterval(() => undefined, 60_000);
  return {
    async call(action, parameters) {
      const { status, body } = await stepFunctions.handle(action, JSON.stringify(parameters));
      const document = JSON.parse(body) as Record<string, unknown>;
      return status === 200 ? document : { refused: `${String(document['__type'])}: ${String(document['message'])}` };
    },
    async execute({ arn, logging }, input, name) {
      const group = logging?.logGroupName ?? '';
      const before = logs.events(group).length;
      ending = name;
      await stepFunctions.startSyncExecution({ stateMachineArn: arn, input: JSON.stringify(input) });
      return logs.events(group).slice(before);
    },
    close: () => {
      clearInterval(alive);
      return stepFunctions.close();
    },
  };
}

function answer(mock: Mock): Promise<unknown> {
  return 'result' in mock ? Promise.resolve(mock.result) : Promise.reject(new TaskError(mock.error, mock.cause));
}
