/** What is wrong with a value, and where. */
export type Complain = (at: string, must: string, value: unknown) => never;

/** Complains unless a value is a `T`. */
export interface Check<T> {
  (value: unknown, at: string, complain: Complain): void;
  /** Ties the check to its type; never set. */
  readonly of?: T;
}

interface Optional<T> extends Check<T> {
  readonly isOptional: true;
}

/** A check for each field, and for an optional field an optional one: the compiler holds it to the interface. */
type Fields<T> = { readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional<NonNullable<T[K]>> : Check<T[K]> };

/** A value that the text of a message can hold. */
function rule<T>(must: string, holds: (value: unknown) => boolean): Check<T> {
  return (value, at, complain) => {
    if (!holds(value)) complain(at, must, value);
  };
}

export const text = rule<string>('a text', (value) => typeof value === 'string');
export const flag = rule<boolean>('true or false', (value) => typeof value === 'boolean');
export const date = rule<string>(
  'a time in ISO 8601',
  (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
);
export const amount = rule<number>('a number of at least 0', (value) => isNumber(value) && value >= 0);
export const positive = rule<number>('a number above 0', (value) => isNumber(value) && value > 0);
export const count = rule<number>(
  'a whole number of at least 0',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);
export const natural = rule<number>(
  'a whole number of at least 1',
  (value) => Number.isSafeInteger(value) && Number(value) >= 1,
);

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One of a few texts. */
export function oneOf<T extends string>(...values: readonly T[]): Check<T> {
  return rule(values.map((value) => `"${value}"`).join(' or '), (value) => values.includes(value as T));
}

/** Anything by its own rule. */
export const such = rule;

export function optional<T>(check: Check<T>): Optional<T> {
  const checkUnlessAbsent: Check<T> = (value, at, complain) => {
    if (value !== undefined) check(value, at, complain);
  };
  return Object.assign(checkUnlessAbsent, { isOptional: true as const });
}

export function list<T>(check: Check<T>): Check<readonly T[]> {
  return (value, at, complain) => {
    if (!Array.isArray(value)) return complain(at, 'a list', value);
    value.forEach((item, index) => check(item, `${at}[${index}]`, complain));
  };
}

/** An object whose keys are anybody's. */
export function map<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, at, complain) => {
    if (!isObject(value)) return complain(at, 'an object', value);
    for (const [key, item] of Object.entries(value)) check(item, `${at}[${JSON.stringify(key)}]`, complain);
  };
}

/** An object with these fields; others are left to later versions. */
export function fields<T extends object>(checks: Fields<T>): Check<T> {
  return (value, at, complain) => {
    if (!isObject(value)) return complain(at, 'an object', value);
    for (const [name, check] of Object.entries<Check<unknown>>(checks)) {
      check(Object.hasOwn(value, name) ? value[name] : undefined, at === '' ? name : `${at}.${name}`, complain);
    }
  };
}

/** One of several objects, told apart by their `kind`. */
export function byKind<T extends { readonly kind: string }>(kinds: {
  readonly [K in T['kind']]: Check<Extract<T, { readonly kind: K }>>;
}): Check<T> {
  const names = Object.keys(kinds) as T['kind'][];
  return (value, at, complain) => {
    const kind = isObject(value) ? value['kind'] : undefined;
    const name = names.find((each) => each === kind);
    if (name === undefined) return complain(`${at}.kind`, names.map((each) => `"${each}"`).join(' or '), kind);
    kinds[name](value, at, complain);
  };
}
