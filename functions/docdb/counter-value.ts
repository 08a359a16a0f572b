import { type Document, Int32, Long } from 'mongodb';
import { counterValue, MAX_COUNTER } from '../counter-store';
import { docdbErrors } from './errors';

/*
 * A counter is an `int` or a `long`, whoever wrote it. A double may have a fraction, be infinite or NaN, which no
 * filter detects ($mod truncates the fraction), and adding one to a decimal leaves a decimal.
 */

const LEAST = Long.fromNumber(-MAX_COUNTER);

/** The names of the types, each of which needs a range of its own. */
const TYPES = ['int', 'long'];

/**
 * What a document's field must be for a step to apply: a counter of at most `most`, or absent, where $inc starts from
 * 0.
 * Source: https://docs.aws.amazon.com/documentdb/latest/developerguide/mongo-apis-query-projection-operators.html
 *
 * @returns alternatives, for `$or`
 */
export function incrementable(most: number): Document[] {
  const range = { $gte: LEAST, $lte: Long.fromNumber(most) };
  return [
    { atomic_counter: { $exists: false } },
    ...TYPES.map((type) => ({ atomic_counter: { $type: type, ...range } })),
  ];
}

/**
 * The counter in a document.
 *
 * @param value the field as a BSON type, since 5 and 5.0 are the same JavaScript number
 * @throws StoreUnavailableError when it isn't a counter
 */
export function storedCounter(value: unknown): number {
  if (value === undefined) return 0;
  const counter = value instanceof Int32 || Long.isLong(value) ? counterValue(String(value)) : undefined;
  if (counter === undefined) throw docdbErrors.notACounter();
  return counter;
}
