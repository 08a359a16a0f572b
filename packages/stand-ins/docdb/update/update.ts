import { CommandError } from '../errors';
import { cloneDocument, type Document, isDocument } from '../values/document';
import { equalValues } from '../values/order';
import { shown } from '../values/shown';
import { modifiers } from './modifiers';
import { checkArrayFilters, compilePath, type ExpandPath, type PositionalContext } from './positional';
import { type Change, changeAt, valueAtPath } from './target';

/** A compiled update. */
export interface Update {
  /** A whole document that takes the place of the old one, and not modifiers. */
  readonly replaces: boolean;
  /**
   * The document after the update. The given one stays as it is.
   *
   * @param inserting whether an upsert makes the document, so that `$setOnInsert` applies
   * @throws CommandError when a modifier can't be applied, or the `_id` would change
   */
  apply(document: Document, inserting: boolean): Document;
}

interface Step {
  readonly path: string;
  readonly expand: ExpandPath;
  readonly change: (current: unknown, document: Document) => Change;
  readonly onlyOnInsert: boolean;
}

/**
 * Compiles an update's document.
 *
 * @throws CommandError for an unknown modifier, conflicting paths, and a pipeline, which Amazon DocumentDB doesn't take
 */
export function compileUpdate(update: unknown, context: PositionalContext): Update {
  // Amazon DocumentDB's own words for a pipeline.
  if (!isDocument(update)) throw new CommandError(9, 'Failed to parse update: field must be of BSON type object');
  const [first] = Object.keys(update);
  if (first?.startsWith('$') !== true) return replacement(update, context);

  const steps = Object.entries(update).flatMap(([name, fields]) => stepsOf(name, fields, context));
  const paths = steps.map(({ path }) => path);
  checkConflicts(paths);
  checkArrayFilters(paths, context);
  steps.sort((a, b) => comparePaths(a.path.split('.'), b.path.split('.')));
  return {
    replaces: false,
    apply: (document, inserting) => {
      const updated = cloneDocument(document);
      for (const { expand, change, onlyOnInsert } of steps) {
        if (onlyOnInsert && !inserting) continue;
        for (const path of expand(updated)) changeAt(updated, path, (current) => change(current, document));
      }
      if ('_id' in document && !equalValues(updated._id, document._id)) {
        throw new CommandError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
      }
      return updated;
    },
  };
}

function replacement(update: Document, { arrayFilters }: PositionalContext): Update {
  const dollar = Object.keys(update).find((field) => field.startsWith('$'));
  if (dollar !== undefined) {
    throw new CommandError(52, `The dollar ($) prefixed field '${dollar}' is not allowed in a replacement document`);
  }
  if (arrayFilters.length > 0) throw new CommandError(9, 'arrayFilters may not be specified for a replacement update');
  return {
    replaces: true,
    apply: ({ _id }) => {
      if ('_id' in update && _id !== undefined && !equalValues(update._id, _id)) {
        throw new CommandError(
          66,
          `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${shown(update._id)}`,
        );
      }
      const kept = _id === undefined ? {} : { _id };
      return { ...kept, ...cloneDocument(update), ...kept };
    },
  };
}

function stepsOf(name: string, fields: unknown, context: PositionalContext): Step[] {
  const modifier = Object.hasOwn(modifiers, name) ? modifiers[name] : undefined;
  if (!modifier && name !== '$rename') {
    throw new CommandError(
      9,
      `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!isDocument(fields)) {
    throw new CommandError(
      9,
      `Modifiers operate on fields but we found another type for ${name}: {${name}: ${shown(fields)}}`,
    );
  }
  return Object.entries(fields).flatMap(([path, operand]) => {
    checkPath(path);
    if (!modifier) return renameSteps(path, operand);
    return [
      {
        path,
        expand: compilePath(path, context),
        change: modifier(path, operand),
        onlyOnInsert: name === '$setOnInsert',
      },
    ];
  });
}

/** `$rename` takes a value away from one field and sets it at another; a missing field is left alone. */
function renameSteps(from: string, to: unknown): Step[] {
  if (typeof to !== 'string') {
    throw new CommandError(2, `The 'to' field for $rename must be a string: ${from}: ${shown(to)}`);
  }
  checkPath(to);
  const source = from.split('.');
  const target = to.split('.');
  if ([...source, ...target].some((part) => part.startsWith('$'))) {
    throw new CommandError(2, `The fields of $rename may not be dynamic: ${from}: ${to}`);
  }
  return [
    {
      path: from,
      expand: () => [source],
      change: (current) => (current === undefined ? 'keep' : 'remove'),
      onlyOnInsert: false,
    },
    {
      path: to,
      expand: () => [target],
      change: (_current, document) => {
        const value = valueAtPath(document, source);
        return value === undefined ? 'keep' : { set: value };
      },
      onlyOnInsert: false,
    },
  ];
}

function checkPath(path: string): void {
  const parts = path.split('.');
  if (parts.includes('')) {
    throw new CommandError(
      56,
      path === ''
        ? 'An empty update path is not valid.'
        : `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  }
  const dollar = parts.find((part, index) => part.startsWith('$') && (index === 0 || !/^\$(?:\[.*\])?$/.test(part)));
  if (dollar !== undefined) {
    throw new CommandError(52, `The dollar ($) prefixed field '${dollar}' in '${path}' is not valid for storage.`);
  }
}

/** One path may not be changed twice, nor together with a path inside it. */
function checkConflicts(paths: readonly string[]): void {
  for (const [index, path] of paths.entries()) {
    for (const earlier of paths.slice(0, index)) {
      if (path === earlier || path.startsWith(`${earlier}.`) || earlier.startsWith(`${path}.`)) {
        const at = path.length < earlier.length ? path : earlier;
        throw new CommandError(40, `Updating the path '${path}' would create a conflict at '${at}'`);
      }
    }
  }
}

/** New fields appear in this order: by name, array indexes by number (mongodb.com, "Update Operators Behavior"). */
function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    const numeric = Number(part) - Number(other);
    return Number.isNaN(numeric) ? (part < other ? -1 : 1) : numeric;
  }
  return a.length - b.length;
}
