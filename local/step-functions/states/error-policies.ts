import type { Fields } from '../fields';
import { READS_ERROR } from '../fields';
import type { Catcher, ErrorPolicies, Retrier } from '../retry-catch';

/** Reads `Retry` and `Catch`. */
export function errorPolicies(fields: Fields): ErrorPolicies {
  return { retry: fields.items('Retry').map(retrier), catch: fields.items('Catch').map(catcher) };
}

/** Source of the defaults: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
function retrier(fields: Fields): Retrier {
  fields.allow('ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy');
  const jitter = fields.optionalString('JitterStrategy') ?? 'NONE';
  if (jitter !== 'NONE' && jitter !== 'FULL') fields.fail('Expected NONE or FULL', 'JitterStrategy');
  return {
    errorEquals: fields.strings('ErrorEquals'),
    intervalSeconds: fields.integer('IntervalSeconds', 1, 1),
    maxAttempts: fields.integer('MaxAttempts', 3, 0),
    backoffRate: fields.number('BackoffRate', 2, 1),
    maxDelaySeconds: fields.integer('MaxDelaySeconds', undefined, 1),
    fullJitter: jitter === 'FULL',
  };
}

function catcher(fields: Fields): Catcher {
  fields.allow('ErrorEquals', 'Next', 'Output', 'Assign');
  return {
    errorEquals: fields.strings('ErrorEquals'),
    next: fields.string('Next'),
    output: fields.template('Output', READS_ERROR),
    assign: fields.assign(READS_ERROR),
  };
}
