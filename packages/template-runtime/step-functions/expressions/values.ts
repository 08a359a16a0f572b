/**
 * JSONata could not evaluate an expression, or its value has no place in JSON.
 *
 * `ending` completes AWS's sentence "The JSONata expression '…' specified for the field '…'".
 */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';

  constructor(readonly ending: string) {
    super(ending);
  }
}

/** An error of a function, by a code of JSONata: jsonata writes its text, unless the code is for any text (D3137). */
export class CodedError extends Error {
  override readonly name = 'CodedError';

  constructor(
    readonly code: string,
    message = '',
  ) {
    super(message);
  }
}

/**
 * An error as jsonata throws it, in AWS's words: coded errors are quoted with their code ("T1006: …", recorded on AWS),
 * others after a colon (measured on AWS for the memory limit and the stack overflow).
 */
export function describeEvaluationError(error: unknown): EvaluationError {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  const isCoded = typeof code === 'string' && /^[SDTU]\d{4}$/.test(code);
  return new EvaluationError(`threw an error during evaluation${isCoded ? `. ${code}: ${text}` : `: ${text}`}`);
}

/** JSONata marks its sequences so that they flatten in the next path: JSON has no such arrays. */
const isMarked = (array: readonly unknown[]): boolean =>
  Object.hasOwn(array, 'sequence') || Object.hasOwn(array, 'cons') || Object.hasOwn(array, 'outerWrapper');

/**
 * The value as JSON has it between two states: plain arrays, no functions, numbers that JSON lacks by name (AWS answers
 * `"Infinity"` to `1/0`). Parts that are plain already are not copied.
 *
 * @throws EvaluationError when a function is in it
 */
export function toPlainJson(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'function':
      throw new EvaluationError('returned an unsupported result type.');
    case 'object':
      if (value === null) return null;
      return Array.isArray(value) ? toPlainArray(value) : toPlainObject(value as Record<string, unknown>);
    default:
      return value;
  }
}

function toPlainArray(array: readonly unknown[]): readonly unknown[] {
  let changed = isMarked(array);
  const items = array.map((item) => {
    const plain = item === undefined ? null : toPlainJson(item);
    changed ||= plain !== item;
    return plain;
  });
  return changed ? items : array;
}

function toPlainObject(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  // jsonata's lambdas and built-in functions are objects.
  if ('_jsonata_lambda' in object || '_jsonata_function' in object) {
    throw new EvaluationError('returned an unsupported result type.');
  }
  let changed = false;
  const fields = Object.entries(object).map(([name, field]) => {
    const plain = toPlainJson(field);
    changed ||= plain !== field;
    return [name, plain] as const;
  });
  return changed ? Object.fromEntries(fields) : object;
}
