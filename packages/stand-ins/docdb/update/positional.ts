import { CommandError } from '../errors';
import { compileFilter } from '../query/filter';
import type { Predicate } from '../query/predicates';
import { type Document, isDocument } from '../values/document';
import { shown } from '../values/shown';
import { valueAtPath } from './target';

/** What the positional operators `$`, `$[]` and `$[identifier]` refer to. */
export interface PositionalContext {
  /** The query of the update: `$` is the first item that it matches. */
  readonly filter: Document;
  readonly arrayFilters: readonly Document[];
}

const IDENTIFIER = /^\$\[(.*)\]$/;

/** Makes a path's positional operators into the indexes that they mean in a document. */
export type ExpandPath = (document: Document) => string[][];

/**
 * Prepares the positional operators of a path (mongodb.com, "$ (update)", "$[]" and "$[<identifier>]").
 *
 * @throws CommandError when the path names no array filter, or has several `$`
 */
export function compilePath(path: string, context: PositionalContext): ExpandPath {
  const parts = path.split('.');
  if (!path.includes('$')) return () => [parts];
  if (parts.filter((part) => part === '$').length > 1) {
    throw new CommandError(2, `Too many positional (i.e. '$') elements found in path '${path}'`);
  }
  const steps = parts.map((part, index) => compilePart(part, parts.slice(0, index), path, context));
  return (document) =>
    steps.reduce<string[][]>((prefixes, step) => prefixes.flatMap((prefix) => step(document, prefix)), [[]]);
}

/** @throws CommandError when an array filter isn't used by any of the paths, or has not exactly one identifier */
export function checkArrayFilters(paths: readonly string[], { arrayFilters }: PositionalContext): void {
  const identifiers = arrayFilters.map(identifierOf);
  for (const [index, identifier] of identifiers.entries()) {
    if (identifiers.indexOf(identifier) !== index) {
      throw new CommandError(9, `Found multiple array filters with the same top-level field name ${identifier}`);
    }
    if (!paths.some((path) => path.split('.').includes(`$[${identifier}]`))) {
      throw new CommandError(9, `The array filter for identifier '${identifier}' was not used in the update`);
    }
  }
}

type Step = (document: Document, prefix: readonly string[]) => string[][];

function compilePart(part: string, before: readonly string[], path: string, context: PositionalContext): Step {
  if (part === '$') return matchedItem(before.join('.'), context.filter);
  const identifier = IDENTIFIER.exec(part)?.[1];
  if (identifier === undefined) return (_document, prefix) => [[...prefix, part]];
  if (identifier === '') return (document, prefix) => items(document, prefix, path, () => true);
  const filter = context.arrayFilters.find((candidate) => identifierOf(candidate) === identifier);
  if (!filter) throw new CommandError(2, `No array filter found for identifier '${identifier}' in path '${path}'`);
  const matches = compileFilter(filter);
  return (document, prefix) => items(document, prefix, path, (item) => matches({ [identifier]: item }));
}

function items(
  document: Document,
  prefix: readonly string[],
  path: string,
  accepts: (item: unknown) => boolean,
): string[][] {
  const array = valueAtPath(document, prefix);
  if (!Array.isArray(array)) {
    throw new CommandError(
      2,
      `The path '${prefix.join('.')}' must exist in the document in order to apply array updates (${path}).`,
    );
  }
  return (array as unknown[]).flatMap((item, index) => (accepts(item) ? [[...prefix, String(index)]] : []));
}

/** The first item that fulfils the filter's conditions on its array. */
function matchedItem(arrayPath: string, filter: Document): Step {
  const conditions = conditionsOn(arrayPath, filter);
  return (document, prefix) => {
    const array = valueAtPath(document, prefix);
    const index =
      Array.isArray(array) && conditions.length > 0
        ? (array as unknown[]).findIndex((item) => conditions.every((matches) => matches({ items: [item] })))
        : -1;
    if (index < 0) throw new CommandError(2, 'The positional operator did not find the match needed from the query.');
    return [[...prefix, String(index)]];
  };
}

function conditionsOn(arrayPath: string, filter: Document): Predicate[] {
  return Object.entries(filter).flatMap(([path, condition]) => {
    if (path === '$and' && Array.isArray(condition)) {
      return (condition as unknown[]).filter(isDocument).flatMap((part) => conditionsOn(arrayPath, part));
    }
    if (path !== arrayPath && !path.startsWith(`${arrayPath}.`)) return [];
    return [compileFilter({ [`items${path.slice(arrayPath.length)}`]: condition })];
  });
}

function identifierOf(filter: Document): string {
  const [path = ''] = Object.keys(filter);
  const [identifier = ''] = path.split('.');
  if (!/^[a-z][A-Za-z0-9]*$/.test(identifier)) {
    throw new CommandError(
      2,
      `The array filter ${shown(filter)} needs one top-level field name that begins with a lowercase letter`,
    );
  }
  if (Object.keys(filter).some((other) => other !== identifier && !other.startsWith(`${identifier}.`))) {
    throw new CommandError(9, `Expected a single top-level field name, found several in ${shown(filter)}`);
  }
  return identifier;
}
