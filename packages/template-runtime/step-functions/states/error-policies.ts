import type { Fields } from '../definition/fields';
import { READS_ERROR } from '../definition/fields';
import type { Catcher, ErrorPolicies, Retrier } from '../execution/retry-catch';

/** Reads `Retry` and `Catch`. */
export function errorPolicies(fields: Fields): ErrorPolicies {
  return { retry: readAll(fields.items('Retry'), retrier), catch: readAll(fields.items('Catch'), catcher) };
}

/** `States.ALL` stands alone, in the last of them. */
function readAll<T extends { readonly errorEquals: readonly string[] }>(
  items: readonly Fields[],
  read: (fields: Fields) => T,
): T[] {
  return items.map((fields, index) => {
    const policy = read(fields);
    const isLast = index === items.length - 1 && policy.errorEquals.length === 1;
    if (policy.errorEquals.includes('States.ALL') && !isLast) {
      fields.report('States.ALL must appear alone and at end of list', 'ErrorEquals');
    }
    return policy;
  });
}

/**
 * Source of the defaults: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html; the bounds were
 * measured on AWS: https://github.com/badmintoncryer/cdk-preflight (pf-sfn-asl-numeric-ranges)
 */
function retrier(fields: Fields): Retrier {
  fields.allow('ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy');
  return {
    errorEquals: fields.strings('ErrorEquals'),
    intervalSeconds: fields.number('IntervalSeconds', 1, { least: 0 }),
    maxAttempts: fields.number('MaxAttempts', 3, { least: 0, most: 99_999_999 }),
    backoffRate: fields.number('BackoffRate', 2, { least: 1, isDouble: true }),
    maxDelaySeconds: fields.number('MaxDelaySeconds', undefined, { least: 1, most: 31_622_400 }),
    fullJitter: fields.oneOf('JitterStrategy', ['NONE', 'FULL']) === 'FULL',
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
