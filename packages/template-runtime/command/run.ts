import { type Execution } from '../step-functions';
import { readTemplate } from '../cloudformation';
import { EMBEDDED_DYNAMODB } from '../dynamodb';
import { PortTakenError, startHttpServer } from '../http';
import { type OnClose, startParts } from '../parts';
import { startStoreThread } from '../worker';
import { startTemplateRuntime, type TemplateRuntime } from '..';
import type { CommandArguments } from './arguments';
import { startReport } from './report';
import { surveyTemplate } from './survey';

/** A template that the command runs. */
export interface RunningTemplate {
  /** The executions that the stack's CREATE_COMPLETE starts by the template's rules, once they have ended. */
  readonly completed: Promise<readonly Execution[]>;
  close(): Promise<void>;
}

/**
 * Lists what of a template isn't carried out, and runs the rest.
 *
 * @param print called with the output, several lines at a time
 * @throws Error of one line: no template, nothing left to run, a taken port, or `strict` and something isn't carried out
 */
export function runTemplate(options: CommandArguments, print: (text: string) => void): Promise<RunningTemplate> {
  return startParts((onClose) => start(options, print, onClose));
}

async function start(
  { source, port, apiKey, strict }: CommandArguments,
  print: (text: string) => void,
  onClose: OnClose,
): Promise<Omit<RunningTemplate, 'close'>> {
  const file = readTemplate(source);
  await (await startHttpServer({ port, routes: [] }).catch(namingOption)).close(); // checked first
  const dynamo = await startStoreThread(EMBEDDED_DYNAMODB);
  onClose(() => dynamo.close());
  const common = { apiKey, dynamoDbUrl: `http://127.0.0.1:${dynamo.port}` };

  const { rest, notCarriedOut } = await surveyTemplate(file.raw, {
    resolve: (raw) => file.resolve(raw),
    tryOut: async (template) => (await startTemplateRuntime({ ...common, template })).close(),
  });
  if (notCarriedOut.length > 0) print(`Not carried out:\n${notCarriedOut.map((line) => `  ${line}`).join('\n')}\n`);
  if (strict && notCarriedOut.length > 0) {
    throw new Error(`${source} asks for what isn't carried out, and --strict leaves nothing out`);
  }
  const runtime = await startTemplateRuntime({ ...common, port, template: file.resolve(rest) }).catch(namingOption);
  onClose(() => runtime.close());
  if (isEmpty(runtime)) throw new Error(`${source} has nothing to run: no route of an API and no state machine`);

  await runtime.createTables();
  print(startReport(runtime, { apiKey }));
  return { completed: runtime.completeStack() };
}

/** Functions are called by routes and state machines, and rules start state machines. */
const isEmpty = ({ routes, stepFunctions }: TemplateRuntime): boolean =>
  routes.length === 0 && stepFunctions.stateMachines.length === 0;

function namingOption(error: unknown): never {
  if (error instanceof PortTakenError) {
    throw new Error(`Port ${error.port} is taken. Choose another: --port ${error.port + 1}`, { cause: error });
  }
  throw error;
}
