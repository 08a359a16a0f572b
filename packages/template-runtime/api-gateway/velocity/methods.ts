import { setOwn } from '../../own-property';
import { javaFullMatch, javaRegex, javaReplacement } from './regex';
import {
  HeaderMap,
  isEqual,
  isMap,
  JavaDouble,
  javaList,
  MapEntry,
  mapGet,
  print,
  toNumber,
  type Value,
  type ValueMap,
} from './values';

type Method<Receiver> = (receiver: Receiver, args: Value[]) => Value;
type Methods<Receiver> = Readonly<Record<string, Method<Receiver>>>;

const text = (args: Value[], index: number): string => print(args[index] ?? null);

function index(args: Value[], position: number, size: number): number {
  const value = args[position];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > size)
    throw new RangeError(`index ${print(value ?? null)} is out of range for length ${size}`);
  return value;
}

/** Patterns are written in templates, so there are few of them: compiled once each. */
const compiled = new Map<string, RegExp>();
function cached(key: string, compile: () => RegExp): RegExp {
  let regex = compiled.get(key);
  if (regex === undefined) {
    regex = compile();
    if (compiled.size < 500) compiled.set(key, regex); // a pattern made from a client's text must not fill the memory
  }
  return regex;
}
const pattern = (source: string): RegExp => cached(`g${source}`, () => javaRegex(source, 'g'));
const fullMatch = (source: string): RegExp => cached(`m${source}`, () => javaFullMatch(source));

/** Unlike JavaScript's `split`, groups of the pattern are no parts. */
function splitBy(s: string, regex: RegExp): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: match, index: at } of s.matchAll(regex)) {
    if (match === '' && (at === 0 || at === s.length)) continue;
    parts.push(s.slice(from, at));
    from = at + match.length;
  }
  return [...parts, s.slice(from)];
}

/** `java.lang.String`, https://docs.oracle.com/javase/8/docs/api/java/lang/String.html */
const STRING: Methods<string> = {
  length: (s) => s.length,
  isEmpty: (s) => s === '',
  equals: (s, args) => args[0] === s,
  equalsIgnoreCase: (s, args) => s.toLowerCase() === text(args, 0).toLowerCase(),
  compareTo: (s, args) => (s < text(args, 0) ? -1 : s > text(args, 0) ? 1 : 0),
  contains: (s, args) => s.includes(text(args, 0)),
  startsWith: (s, args) => s.startsWith(text(args, 0)),
  endsWith: (s, args) => s.endsWith(text(args, 0)),
  indexOf: (s, args) => s.indexOf(text(args, 0)),
  lastIndexOf: (s, args) => s.lastIndexOf(text(args, 0)),
  charAt: (s, args) => s.charAt(index(args, 0, s.length - 1)),
  concat: (s, args) => s + text(args, 0),
  substring: (s, args) => {
    const end = args.length > 1 ? index(args, 1, s.length) : s.length;
    return s.slice(index(args, 0, end), end);
  },
  trim: (s) => s.replace(/^[\0-\x20]+|[\0-\x20]+$/g, ''),
  toLowerCase: (s) => s.toLowerCase(),
  toUpperCase: (s) => s.toUpperCase(),
  replace: (s, args) => s.replaceAll(text(args, 0), () => text(args, 1)),
  replaceAll: (s, args) => {
    const regex = pattern(text(args, 0));
    return s.search(regex) < 0 ? s : s.replace(regex, javaReplacement(text(args, 1)));
  },
  replaceFirst: (s, args) => {
    const source = text(args, 0);
    return s.replace(
      cached(`f${source}`, () => javaRegex(source)),
      javaReplacement(text(args, 1)),
    );
  },
  matches: (s, args) => fullMatch(text(args, 0)).test(s),
  split: (s, args) => {
    const parts = splitBy(s, pattern(text(args, 0)));
    while (parts.length > 1 && parts.at(-1) === '') parts.pop(); // Java drops empty strings at the end
    return javaList(parts);
  },
  toString: (s: string) => s,
};

/** `java.util.List`, https://docs.oracle.com/javase/8/docs/api/java/util/List.html */
const LIST: Methods<Value[]> = {
  size: (list) => list.length,
  length: (list) => list.length,
  isEmpty: (list) => list.length === 0,
  get: (list, args) => list[index(args, 0, list.length - 1)] ?? null,
  set: (list, args) => {
    const at = index(args, 0, list.length - 1);
    const before = list[at] ?? null;
    list[at] = args[1] ?? null;
    return before;
  },
  add: (list, args) => {
    list.push(args[0] ?? null);
    return true;
  },
  remove: (list, args) => list.splice(index(args, 0, list.length - 1), 1)[0] ?? null,
  contains: (list, args) => list.some((item) => isEqual(item, args[0] ?? null)),
  indexOf: (list, args) => list.findIndex((item) => isEqual(item, args[0] ?? null)),
  toString: (list: Value[]) => print(list),
};

/** `java.util.Map`, https://docs.oracle.com/javase/8/docs/api/java/util/Map.html */
const MAP: Methods<ValueMap> = {
  size: (map) => Object.keys(map).length,
  isEmpty: (map) => Object.keys(map).length === 0,
  get: (map, args) => mapGet(map, text(args, 0)),
  getOrDefault: (map, args) => (hasKey(map, text(args, 0)) ? mapGet(map, text(args, 0)) : (args[1] ?? null)),
  containsKey: (map, args) => hasKey(map, text(args, 0)),
  containsValue: (map, args) => Object.values(map).some((item) => isEqual(item, args[0] ?? null)),
  remove: (map, args) => {
    const before = mapGet(map, text(args, 0));
    delete map[text(args, 0)];
    return before;
  },
  putAll: (map, args) => {
    const [added = null] = args;
    if (isMap(added)) for (const [key, value] of Object.entries(added)) setOwn(map, key, value);
    return null;
  },
  keySet: (map) => javaList(Object.keys(map)),
  values: (map) => javaList(Object.values(map)),
  entrySet: (map) => javaList(Object.entries(map).map(([key, value]) => new MapEntry(key, value))),
  toString: (map: ValueMap) => print(map),
};

const hasKey = (map: ValueMap, key: string): boolean =>
  Object.hasOwn(map, key) || (map instanceof HeaderMap && mapGet(map, key) !== null);

/** `java.lang.Number`, https://docs.oracle.com/javase/8/docs/api/java/lang/Number.html */
const NUMBER: Methods<number | JavaDouble> = {
  intValue: (n) => Math.trunc(toNumber(n) ?? 0),
  longValue: (n) => Math.trunc(toNumber(n) ?? 0),
  doubleValue: (n) => new JavaDouble(toNumber(n) ?? 0),
  equals: (n, args) => print(n) === print(args[0] ?? null) && typeof n === typeof args[0],
  compareTo: (n, args) =>
    typeof n === typeof args[0] ? Math.sign((toNumber(n) ?? 0) - (toNumber(args[0] ?? null) ?? 0)) : null,
  toString: (n: number | JavaDouble) => print(n),
};

const BOOLEAN: Methods<boolean> = { equals: (b, args) => args[0] === b, toString: (b: boolean) => String(b) };

const ENTRY: Methods<MapEntry> = {
  getKey: (entry) => entry.key,
  getValue: (entry) => entry.value,
  toString: (entry: MapEntry) => print(entry),
};

const KNOWN: ReadonlySet<string> = new Set([
  'put', // the template's scope does it, because an override may be put only once
  ...[STRING, LIST, MAP, NUMBER, BOOLEAN, ENTRY].flatMap((methods) => Object.keys(methods)),
]);

/** Whether any type has such a method. A template that calls another one is refused when it is read. */
export const isKnownMethod = (name: string): boolean => KNOWN.has(name);

const own = <Receiver>(methods: Methods<Receiver>, name: string): Method<Receiver> =>
  (Object.hasOwn(methods, name) ? methods[name] : undefined) ?? (() => null);

/**
 * The method of this name of Java's classes; it gives null for a value whose class has no such method, as for any invalid
 * reference.
 *
 * @throws RangeError, SyntaxError where Java throws
 */
export function methodOf(name: string): Method<Value> {
  const [ofText, ofNumber, ofBoolean] = [own(STRING, name), own(NUMBER, name), own(BOOLEAN, name)];
  const [ofList, ofMap, ofEntry] = [own(LIST, name), own(MAP, name), own(ENTRY, name)];
  return (receiver, args) => {
    if (typeof receiver === 'string') return ofText(receiver, args);
    if (receiver === null) return null;
    if (typeof receiver === 'number' || receiver instanceof JavaDouble) return ofNumber(receiver, args);
    if (typeof receiver === 'boolean') return ofBoolean(receiver, args);
    if (Array.isArray(receiver)) return ofList(receiver, args);
    if (isMap(receiver)) return ofMap(receiver, args);
    return receiver instanceof MapEntry ? ofEntry(receiver, args) : null;
  };
}
