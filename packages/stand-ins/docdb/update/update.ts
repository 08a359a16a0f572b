import { CommandError } from '../errors';
import { cloneDocument, type Document, isDocument } from '../values/document';
import { equalValues } from '../values/order';
import { shown } from '../values/shown';
import { modifiers } from './modifiers';
import { type Change, changeAt } from './target';

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
  readonly parts: readonly string[];
  readonly change: (current: unknown, document: Document) => Change;
  readonly onlyOnInsert: boolean;
}

/**
 * Compiles an update's document.
 *
 * @param field by which the command has it, for the message
 * @throws CommandError for an unknown modifier and conflicting paths, and for a pipeline in Amazon DocumentDB's own words
 */
export function compileUpdate(update: unknown, field: 'u' | 'update'): Update {
  if (!isDocument(update)) throw new CommandError(14, `Wrong type for parameter ${field}`);
  const [first] = Object.keys(update);
  if (first?.startsWith('$') !== true) return replacement(update);

  const steps = Object.entries(update).flatMap(([name, fields]) => stepsOf(name, fields));
  checkConflicts(steps.map(({ path }) => path));
  return {
    replaces: false,
    apply: (document, inserting) => {
      const updated = cloneDocument(document);
      for (const { parts, change, onlyOnInsert } of steps) {
        if (!onlyOnInsert || inserting) changeAt(updated, parts, (current) => change(current, document));
      }
      if ('_id' in document && !equalValues(updated._id, document._id)) {
        throw new CommandError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
      }
      return updated;
    },
  };
}

function replacement(update: Document): Update {
  const dollar = Object.keys(update).find((field) => field.startsWith('$'));
  if (dollar !== undefined) {
    throw new CommandError(52, `The dollar ($) prefixed field '${dollar}' is not allowed in a replacement document`);
  }
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

function stepsOf(name: string, fields: unknown): Step[] {
  const modifier = Object.hasOwn(modifiers, name) ? modifiers[name] : undefined;
  if (!modifier) {
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
  return Object.entries(fields).map(([path, operand]) => {
    const parts = path.split('.');
    checkPath(path, parts);
    return { path, parts, change: modifier(path, operand), onlyOnInsert: name === '$setOnInsert' };
  });
}

/** The positional operators, `$` and its kin, are refused like any other field that can't be stored. */
function checkPath(path: string, parts: readonly string[]): void {
  if (path === '') throw new CommandError(56, 'An empty update path is not valid.');
  if (parts.includes('')) {
    throw new CommandError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  }
  const dollar = parts.find((part) => part.startsWith('$'));
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
