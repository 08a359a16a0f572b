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

/** The request template: path parameters and the deployed mode become the input of an execution. */
export function startExecutionTemplate(stateMachineArn: string, mode: DeployedMode): string {
  const strategy = mode.stores.includes('momento') ? `,\\"momentoStrategy\\":\\"${mode.momentoStrategy}\\"` : '';
  return read('start-execution.vtl')
    .replace('%StateMachineArn%', stateMachineArn)
    .replace('%UseConditionalWrites%', String(mode.useConditionalWrites))
    .replace('%MaxCounterValue%', mode.maxCounterValue)
    .replace('%StrategyField%', strategy);
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
