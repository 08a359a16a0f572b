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
 * The request template: path parameters and the deployed mode become the input of an execution. What the mode doesn't use
 * is left out, since the execution log repeats the input.
 */
export function startExecutionTemplate(stateMachineArn: string, mode: DeployedMode): string {
  const limit = `,\\"max\\":\\"${mode.maxCounterValue}\\"`;
  const strategy = `#if($store == "momento"),\\"momentoStrategy\\":\\"${mode.momentoStrategy}\\"#end`;
  return read('start-execution.vtl')
    .replace('%StateMachineArn%', stateMachineArn)
    .replace('%UseConditionalWrites%', String(mode.useConditionalWrites))
    .replace('%LimitField%', mode.useConditionalWrites ? limit : '')
    .replace('%StrategyField%', mode.useConditionalWrites && mode.stores.includes('momento') ? strategy : '');
}

/** The response template: an execution, however it ended, becomes a status and a body. */
export function answerTemplate(): string {
  return read('answer.vtl');
}

/** The execution was refused before it started, so nothing was written. */
export const NOT_STARTED_BODY =
  '{"error":"The increment could not be started: the counter was not incremented","retryable":true}\n';

/** Nothing is known of the execution. */
export const UNKNOWN_BODY =
  '{"error":"The outcome is unknown: the counter may have been incremented","outcome":"unknown"}\n';
