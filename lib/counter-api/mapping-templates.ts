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
 * The request template of an increment: path, query parameters, idempotency key and the deployed mode become the input
 * of an execution. Fields that the call doesn't use are left out, since the execution log repeats the input.
 */
export function startIncrementTemplate(stateMachineArn: string, mode: DeployedMode): string {
  const strategy = `#if($conditional && $store == "momento"),\\"momentoStrategy\\":\\"${mode.momentoStrategy}\\"#end`;
  const fields =
    ',\\"useConditionalWrites\\":$conditional' +
    LIMIT_FIELD +
    (mode.stores.includes('momento') ? strategy : '') +
    '#if($hasStep),\\"by\\":\\"$by\\"#end' +
    '#if($hasKey),\\"key\\":\\"$key\\"#end';
  return (
    limitTemplate(mode, mode.useConditionalWrites) +
    read('step.vtl') +
    read('idempotency-key.vtl') +
    startExecutionTemplate(stateMachineArn, fields)
  );
}

/** The request template of a read: path parameters and, where the caller asks what remains of it, the limit. */
export function startReadTemplate(stateMachineArn: string, mode: DeployedMode): string {
  return limitTemplate(mode, false) + startExecutionTemplate(stateMachineArn, LIMIT_FIELD);
}

/** The limit as a field of the execution's input. */
const LIMIT_FIELD = '#if($conditional),\\"max\\":\\"$max\\"#end';

/**
 * Sets `$conditional` and `$max`, for a call with `?max=` by the lower limit of both.
 *
 * @param conditional whether the deployment's limit holds for a call without one
 */
function limitTemplate({ useConditionalWrites, maxCounterValue }: DeployedMode, conditional: boolean): string {
  return read('limit.vtl')
    .replace('%Conditional%', String(conditional))
    .replace('%Max%', useConditionalWrites ? maxCounterValue : String(Number.MAX_SAFE_INTEGER));
}

/** @param fields further fields of the execution's input, which is JSON inside a JSON string */
function startExecutionTemplate(stateMachineArn: string, fields: string): string {
  return read('start-execution.vtl')
    .replace('%StateMachineArn%', stateMachineArn)
    .replace('%Fields%', () => fields);
}

/**
 * The response templates: an execution, however it ended, becomes a status and a body.
 *
 * @param settings a counter without room for a key has some at the latest when all its keys are old, and forgets in
 *   steps of a quarter of the window
 */
export function incrementAnswerTemplate(settings: Pick<Configuration, 'idempotencyWindowSeconds'>): string {
  const retryAfterSeconds = Math.ceil(settings.idempotencyWindowSeconds / 4);
  return answerTemplate('increment-outcomes.vtl').replace('%RetryAfterSeconds%', String(retryAfterSeconds));
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

/** A body with an error, and what else is known. Of no more than plain variables, so that a gateway response can have it. */
export function errorBody(error: string, more: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({ error, ...more })}\n`;
}

export const NOT_FOUND_BODY = errorBody(
  'Nothing is found at this path, only at /{store}/{id}: GET reads a counter, POST increments it',
);

/** @param methods those that a counter has */
export function methodNotAllowedBody(methods: readonly string[]): string {
  return errorBody(`A counter takes no other methods than ${methods.join(', ')}`);
}
