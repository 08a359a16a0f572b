/**
 * What one evaluation may use: AWS's bounds as measured there. `[1..873782]` is accepted, one element
 * more isn't; a text of 2^22 characters is, one of 2^23 isn't; expressions nest about 100 deep.
 *
 * Source: https://github.com/floci-io/floci/issues/2737
 */
export const EXPRESSION_LIMITS = {
  depth: 100,
  /** Counted as eight bytes an element of an array, one a character of a string. */
  bytes: 873_782 * 8,
  /** Elements that `$range` may make: fewer than `[a..b]` may have. */
  rangeLength: 360_145,
} as const;

/** How long one evaluation may take, in milliseconds. AWS has such a limit, but doesn't publish it. */
export const DEFAULT_EXPRESSION_TIME_MS = 5000;

/** AWS's words where it is known to use them; the time-out's are those of JSONata's own example of such a limit. */
export const LIMIT_MESSAGES = {
  time: 'threw an error during evaluation: Expression evaluation timeout: Check for infinite loop',
  depth:
    'threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive.',
  memory:
    'threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage',
} as const;
