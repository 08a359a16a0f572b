import { CommandError } from '../errors';
import type { Document } from '../values/document';
import { isBsonNumber, toNumber } from '../values/number';

/**
 * Compiles a projection: fields to include, or fields to exclude.
 *
 * @throws CommandError when it mixes both, calculates, or reaches into a field: this stand-in takes whole fields
 */
export function compileProjection(projection: Document): (document: Document) => Document {
  const { _id, ...others } = projection;
  const fields = new Set(Object.keys(others));
  const modes = Object.entries(others).map(([field, value]) => isIncluded(field, value));
  const withId = _id === undefined ? undefined : isIncluded('_id', _id);
  const [including = withId ?? false] = modes;
  const mixed = [...fields][modes.indexOf(!including)];
  if (mixed !== undefined) {
    throw including
      ? new CommandError(31254, `Cannot do exclusion on field ${mixed} in inclusion projection`)
      : new CommandError(31253, `Cannot do inclusion on field ${mixed} in exclusion projection`);
  }
  // The _id is there unless it is excluded by name.
  if ((withId ?? true) === including) fields.add('_id');
  if (fields.size === 0) return (document) => document;
  return (document) =>
    Object.fromEntries(Object.entries(document).filter(([field]) => fields.has(field) === including));
}

function isIncluded(field: string, value: unknown): boolean {
  const isWhole = !field.includes('.') && !field.startsWith('$');
  if (isWhole && typeof value === 'boolean') return value;
  if (isWhole && isBsonNumber(value)) return toNumber(value) !== 0;
  throw new CommandError(
    303,
    `projection of ${field} ${isWhole ? 'by an expression ' : ''}is currently not supported.`,
  );
}
