/** Gives the values that a selector points to in a JSON document: at most one, but for selectors with a wildcard. */
export type Selector = (document: unknown) => unknown;

interface Step {
  /** undefined stands for every element or property. */
  readonly key: string | number | undefined;
}

/** One step of a selector: `.name`, `.*`, `['any name']`, `[0]`, `[*]`. */
const STEP = /\.([\w-]+)|\.(\*)|\.?\['([^']*)'\]|\[(\d+)\]|\[(\*)\]/y;

/** A property selector of a filter pattern, such as `$.users[0].email`. */
export interface CompiledSelector {
  /** Whether `predicate` holds for the value, or for any of those that a wildcard stands for. */
  test(document: unknown, predicate: (value: unknown) => boolean): boolean;
  /** The value; undefined where there is none. */
  get: Selector;
}

/**
 * Compiles a property selector.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
 *
 * @throws SyntaxError
 */
export function compileSelector(text: string): CompiledSelector {
  const steps = parseSteps(text);
  const wildcard = steps.findIndex(({ key }) => key === undefined);
  if (wildcard < 0) {
    const get = walk(steps);
    return { get, test: (document, predicate) => predicate(get(document)) };
  }
  const getAll = walk(steps.slice(0, wildcard));
  const getRest = walk(steps.slice(wildcard + 1));
  const all = (document: unknown): unknown[] => {
    const parent = getAll(document);
    return typeof parent === 'object' && parent !== null ? Object.values(parent).map(getRest) : [];
  };
  return { get: (document) => all(document)[0], test: (document, predicate) => all(document).some(predicate) };
}

function parseSteps(text: string): Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex;
    const match = STEP.exec(text);
    if (!match) throw new SyntaxError(`"${text}" is no selector: "${text.slice(at)}" is not understood`);
    const [, name, , quoted, index] = match;
    steps.push({ key: index === undefined ? (name ?? quoted) : Number(index) });
  }
  if (!text.startsWith('$') || steps.length === 0) throw new SyntaxError(`"${text}" is no selector such as $.name`);
  if (steps.filter(({ key }) => key === undefined).length > 1) {
    throw new SyntaxError(`"${text}" has more than one wildcard`);
  }
  return steps;
}

function walk(steps: readonly Step[]): Selector {
  const keys = steps.map(({ key }) => key ?? '');
  return (document) => {
    let value = document;
    for (const key of keys) {
      if (typeof value !== 'object' || value === null || Array.isArray(value) !== (typeof key === 'number')) {
        return undefined;
      }
      if (!Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string | number, unknown>)[key];
    }
    return value;
  };
}
