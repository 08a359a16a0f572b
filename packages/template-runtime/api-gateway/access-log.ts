import type { Exchange } from './exchange';
import type { Properties } from './properties';
import { compileSubstitution, type ReadValue, valueAt } from './substitution';
import { print, type Value } from './velocity/values';

export type WriteAccessLog = (logGroupName: string, message: string) => void;

/**
 * Reads `AccessLogSetting` of a stage: the log group and the format of a line.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html: `$context.…` variables in a text of
 * any form; one without a value is written as `-`. Values are escaped as within a JSON text, so that a client's header can't
 * forge a line.
 *
 * @throws UnsupportedTemplateError
 */
export function readAccessLog(properties: Properties, write: WriteAccessLog): (exchange: Exchange) => void {
  const destination = properties.text('DestinationArn');
  const [, logGroup] = /^arn:[\w-]+:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/.exec(destination) ?? [];
  if (logGroup === undefined) throw properties.refuse('DestinationArn', `${destination} is no log group`);
  const format = properties.text('Format');
  if (!/\$context\.(?:requestId|extendedRequestId)\b/.test(format))
    throw properties.refuse('Format', 'must contain $context.requestId or $context.extendedRequestId');
  properties.refuseOthers();
  const line = compileSubstitution(format, contextValue, writeValue);
  return (exchange) => write(logGroup, line(exchange));
}

const contextValue = (root: string, path: readonly string[]): ReadValue =>
  root === 'context' ? ({ context }) => valueAt(context, path) : () => null;

function writeValue(value: Value): string {
  if (value === null || value === '') return '-';
  const text = print(value);
  return PLAIN.test(text) ? text : JSON.stringify(text).slice(1, -1);
}

/** What JSON writes as it is: most values. */
const PLAIN = /^[ !#-[\]-~]*$/;
