import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Configuration } from '../configuration';
import { projectRoot } from '../project-root';

/**
 * A mapping template without its comments and without the line ends behind directives: Velocity would print them, and a
 * body would start with blank lines.
 */
function read(file: string): string {
  const text = readFileSync(path.join(projectRoot(), 'lib', 'counter-api', file), 'utf8');
  return text.replace(/#\*[^]*?\*#\n/g, '').replace(/^(#.*)\n/gm, '$1');
}

export type DeployedMode = Pick<
  Configuration,
  'useConditionalWrites' | 'maxCounterValue' | 'momentoStrategy' | 'stores'
>;

/**
 * The request template of an increment: path parameters and the deployed mode become the input of an execution. Fields
 * that the mode doesn't use are left out, since the execution log repeats the input.
 */
export function startIncrementTemplate(stateMachineArn: string, mode: DeployedMode): string {
  const limit = `,\\"max\\":\\"${mode.maxCounterValue}\\"`;
  const strategy = `#if($store == "momento"),\\"momentoStrategy\\":\\"${mode.momentoStrategy}\\"#end`;
  return startExecutionTemplate(
    stateMachineArn,
    `,\\"useConditionalWrites\\":${mode.useConditionalWrites}` +
      (mode.useConditionalWrites ? limit : '') +
      (mode.useConditionalWrites && mode.stores.includes('momento') ? strategy : ''),
  );
}

/** The request template of a read: path parameters become the input of an execution. */
export function startReadTemplate(stateMachineArn: string): string {
  return startExecutionTemplate(stateMachineArn, '');
}

/** @param mode further fields of the execution's input, which is JSON inside a JSON string */
function startExecutionTemplate(stateMachineArn: string, mode: string): string {
  return read('start-execution.vtl')
    .replace('%StateMachineArn%', stateMachineArn)
    .replace('%Mode%', () => mode);
}

/** The response templates: an execution, however it ended, becomes a status and a body. */
export function incrementAnswerTemplate(): string {
  return answerTemplate('increment-outcomes.vtl');
}

export function readAnswerTemplate(): string {
  return answerTemplate('read-outcomes.vtl');
}

function answerTemplate(outcomes: string): string {
  return read('answer.vtl').replace('%Outcomes%\n', () => read(outcomes));
}

/** The execution was refused before it started, so nothing was written. */
export const INCREMENT_NOT_STARTED_BODY =
  '{"error":"The increment could not be started: the counter was not incremented","retryable":true}\n';
export const READ_NOT_STARTED_BODY =
  '{"error":"The read could not be started: the counter could not be read","retryable":true}\n';

/** Nothing is known of how the execution ended. */
export const INCREMENT_UNKNOWN_BODY =
  '{"error":"The outcome is unknown: the counter may have been incremented","outcome":"unknown"}\n';
export const READ_UNKNOWN_BODY =
  '{"error":"The store did not answer: the counter could not be read","retryable":true}\n';

/** Nothing is known of the execution, not even whether it was an increment. */
export const UNKNOWN_BODY = '{"error":"The outcome is unknown: an increment may have been made","outcome":"unknown"}\n';
