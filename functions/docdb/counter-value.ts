import { type Document, Int32, Long } from 'mongodb';
import { counterValue, MAX_COUNTER } from '../counter-store';
import { docdbErrors } from './errors';

/*
 * What a counter is here: an `int` or a `long`, whoever wrote it. A double may have a fraction, be infinite or no number,
 * none of which a filter finds ($mod cuts the fraction off), and adding one to a decimal leaves a decimal.
 */

const LEAST = Long.fromNumber(-MAX_COUNTER);

/** The types' names, which a range is asked for one by one. */
const TYPES = ['int', 'long'];

/**
 * What a document's field has to be for an increment to apply: a counter below `max`, or absent, where $inc begins at 0.
 * Source: https://docs.aws.amazon.com/documentdb/latest/developerguide/mongo-apis-query-projection-operators.html
 *
 * @returns alternatives, for `$or`
 */
export function incrementable(max: string): Document[] {
  const range = { $gte: LEAST, $lt: Long.fromString(max) };
  return [
    { atomic_counter: { $exists: false } },
    ...TYPES.map((type) => ({ atomic_counter: { $type: type, ...range } })),
  ];
}

/**
 * The counter in a document.
 *
 * @param value the field as BSON has it, since 5 and 5.0 look alike as JavaScript's numbers
 * @throws StoreUnavailableError when it is no counter
 */
export function storedCounter(value: unknown): number {
  if (value === undefined) return 0;
  const counter = value instanceof Int32 || Long.isLong(value) ? counterValue(String(value)) : undefined;
  if (counter === undefined) throw docdbErrors.notACounter();
  return counter;
}
