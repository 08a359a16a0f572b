import { BlockList, isIP } from 'node:net';
import { InvalidPatternError, isObject } from './pattern-error';

export type ValueTest = (value: unknown) => boolean;

/** Ends the compilation with the reason why an operand is refused. */
type Refuse = (reason: string) => never;

/**
 * Compiles an operator of a field's condition.
 *
 * @throws InvalidPatternError with EventBridge's own reason
 */
export function compileOperator(name: string, operator: string, operand: unknown): ValueTest {
  const refuse: Refuse = (reason) => {
    throw new InvalidPatternError(reason, name);
  };
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  return compile ? compile(operand, refuse) : refuse(`Unrecognized match type ${operator}`);
}

const OPERATORS: Readonly<Record<string, (operand: unknown, refuse: Refuse) => ValueTest>> = {
  prefix: (operand, refuse) => affix('prefix', operand, refuse),
  suffix: (operand, refuse) => affix('suffix', operand, refuse),
  'equals-ignore-case': (operand, refuse) =>
    typeof operand === 'string'
      ? equalsIgnoringCase(operand)
      : refuse('equals-ignore-case match pattern must be a string'),
  wildcard,
  numeric,
  cidr,
  'anything-but': anythingBut,
};

function onText(test: (text: string) => boolean): ValueTest {
  return (value) => typeof value === 'string' && test(value);
}

const equalsIgnoringCase = (wanted: string): ValueTest => onText((text) => text.toLowerCase() === wanted.toLowerCase());

type Affix = 'prefix' | 'suffix';

const hasAffix = (which: Affix, text: string, part: string): boolean =>
  which === 'prefix' ? text.startsWith(part) : text.endsWith(part);

function affix(which: Affix, operand: unknown, refuse: Refuse): ValueTest {
  if (typeof operand === 'string') return onText((text) => hasAffix(which, text, operand));
  if (!isObject(operand)) return refuse(`${which} match pattern must be a string`);
  const { 'equals-ignore-case': part, ...others } = operand;
  const [other] = Object.keys(others);
  if (other !== undefined) return refuse(`Unsupported ${which} pattern: ${other}`);
  if (typeof part !== 'string') return refuse('equals-ignore-case match pattern must be a string');
  return onText((text) => hasAffix(which, text.toLowerCase(), part.toLowerCase()));
}

/** `*` stands for any text, `\*` and `\\` for themselves. */
function wildcard(pattern: unknown, refuse: Refuse): ValueTest {
  if (typeof pattern !== 'string') return refuse('wildcard match pattern must be a string');
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const [character = '', next = ''] = [pattern.charAt(index), pattern.charAt(index + 1)];
    // Positions are counted in the text between its quotes.
    if (character === '*' && next === '*') refuse(`Consecutive wildcard characters at pos ${index + 1}`);
    if (character === '\\' && next !== '*' && next !== '\\') refuse(`Invalid escape character at pos ${index + 1}`);
    if (character === '\\') index += 1;
    source += character === '*' ? '.*' : escapeRegularExpression(character === '\\' ? next : character);
  }
  const expression = new RegExp(`^${source}$`, 's');
  return onText((text) => expression.test(text));
}

function escapeRegularExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `["=", 5]`, `["<", 5]`, `[">", 0]` or a range from below, `[">", 0, "<=", 5]`. */
function numeric(operand: unknown, refuse: Refuse): ValueTest {
  if (!Array.isArray(operand)) return refuse('Value of numeric must be an array.');
  const terms = operand as readonly unknown[];
  const [operator, , second] = terms;
  const first = comparison(operator, terms[1], refuse);
  const tests = [first];
  if (terms.length > 2) {
    if (operator !== '>' && operator !== '>=') refuse('Too many elements in numeric expression');
    if (typeof second !== 'string') refuse(`Bad value in numeric range: ${JSON.stringify(second)}`);
    if (second !== '<' && second !== '<=') refuse(`Bad numeric range operator: ${String(second)}`);
    tests.push(comparison(second, terms[3], refuse));
  }
  if (terms.length > 4) refuse('Too many terms in numeric range expression');
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function comparison(operator: unknown, limit: unknown, refuse: Refuse): (value: number) => boolean {
  if (typeof operator !== 'string') return refuse(`Invalid member in numeric match: ${JSON.stringify(operator)}`);
  const compare = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (!compare) return refuse(`Unrecognized numeric range operator: ${operator}`);
  if (typeof limit !== 'number') return refuse(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  return (value) => compare(value, limit);
}

/** An address of its own is written as one: a mask of all bits is refused. */
function cidr(operand: unknown, refuse: Refuse): ValueTest {
  // The word is EventBridge's own.
  if (typeof operand !== 'string') return refuse('prefix match pattern must be a string');
  const [network = '', bits = '', ...more] = operand.split('/');
  if (bits === '' || more.length > 0) return refuse("Malformed CIDR, one '/' required");
  if (!/^-?\d+$/.test(bits)) return refuse('Malformed CIDR, mask bits must be an integer');
  const family = isIP(network);
  if (family === 0) return refuse(`Nonstandard IP address: ${network}`);
  if (Number(bits) < 0) return refuse('Malformed CIDR, mask bits must not be negative');
  const most = family === 4 ? 32 : 128;
  if (Number(bits) >= most) return refuse(`IPv${family} mask bits must be < ${most}`);
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return onText((text) => isIP(text) === family && list.check(text, family === 4 ? 'ipv4' : 'ipv6'));
}

/** Any value but the given ones: texts or numbers, or those that one of the text operators matches. */
function anythingBut(operand: unknown, refuse: Refuse): ValueTest {
  if (!isObject(operand)) return anythingButValues(operand, refuse);
  const [entry, ...others] = Object.entries(operand);
  if (!entry) return refuse('Anything-But expression name not found');
  if (others.length > 0) return refuse('Too many elements in numeric expression');
  const [operator, inner] = entry;
  const compile = Object.hasOwn(ANYTHING_BUT, operator) ? ANYTHING_BUT[operator] : undefined;
  if (!compile) return refuse(`Unsupported anything-but pattern: ${operator}`);
  if (!isListOrScalar(inner)) return refuse(NOT_ANYTHING_BUT);
  const tests = toList(inner).map((text) => compile(text, refuse));
  if (tests.length === 0) return refuse('Empty arrays are not allowed');
  return (value) => !tests.some((test) => test(value));
}

const NOT_ANYTHING_BUT = 'Value of anything-but must be an array or single string/number value.';

const toList = (operand: unknown): readonly unknown[] => (Array.isArray(operand) ? operand : [operand]);

const isTextOrNumber = (operand: unknown): boolean => typeof operand === 'string' || typeof operand === 'number';

const isListOrScalar = (operand: unknown): boolean => Array.isArray(operand) || isTextOrNumber(operand);

function anythingButValues(operand: unknown, refuse: Refuse): ValueTest {
  if (!isListOrScalar(operand)) return refuse(NOT_ANYTHING_BUT);
  const refused = toList(operand);
  if (refused.length === 0) return refuse('Empty arrays are not allowed');
  if (!refused.every(isTextOrNumber)) return refuse('Inside anything but list, start|null|boolean is not supported.');
  if (!refused.every((value) => typeof value === typeof refused[0])) {
    return refuse('Inside anything but list, either all values are number or string, mixed type is not supported');
  }
  return (value) => !refused.includes(value);
}

/** What `anything-but` may turn around. */
const ANYTHING_BUT: Readonly<Record<string, (operand: unknown, refuse: Refuse) => ValueTest>> = {
  prefix: (operand, refuse) => affixInside('prefix', operand, refuse),
  suffix: (operand, refuse) => affixInside('suffix', operand, refuse),
  'equals-ignore-case': (operand, refuse) =>
    typeof operand === 'string'
      ? equalsIgnoringCase(operand)
      : refuse('Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.'),
  wildcard,
};

/** Every text has the empty prefix: inside `anything-but` that is refused. */
function affixInside(which: Affix, operand: unknown, refuse: Refuse): ValueTest {
  if (typeof operand !== 'string') return refuse('prefix/suffix match pattern must be a string');
  if (operand === '') return refuse('Null prefix/suffix not allowed');
  return affix(which, operand, refuse);
}
