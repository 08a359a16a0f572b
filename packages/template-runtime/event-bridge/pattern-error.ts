/** An event pattern that EventBridge refuses, in its words, and where in the pattern that is. */
export class InvalidPatternError extends SyntaxError {
  override readonly name = 'InvalidPatternError';

  /** @param path the joined names of the field, such as `detail.state` */
  constructor(reason: string, path?: string) {
    super(`Event pattern is not valid. Reason: ${reason}${path ? ` (${path})` : ''}`);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
