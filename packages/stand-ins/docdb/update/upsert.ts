import { ObjectId } from 'bson';
import { CommandError } from '../errors';
import { equalitiesOf } from '../query/equalities';
import { cloneValue, type Document } from '../values/document';
import { changeAt } from './target';
import type { Update } from './update';

/**
 * The document that an upsert inserts: the equalities of the filter with the update applied; of a replacement's filter
 * only the `_id` (mongodb.com, "db.collection.update(): Upsert Behavior"). Without an `_id` it gets a new one.
 */
export function upsertedDocument(filter: Document, update: Update): Document {
  const base: Document = {};
  const equalities = equalitiesOf(filter).filter(({ path }) => !update.replaces || path === '_id');
  for (const [index, { path, value }] of equalities.entries()) {
    for (const { path: earlier } of equalities.slice(0, index)) {
      if (earlier === path) {
        throw new CommandError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
      }
      if (path.startsWith(`${earlier}.`) || earlier.startsWith(`${path}.`)) {
        throw new CommandError(
          54,
          `cannot infer query fields to set, both paths '${path}' and '${earlier}' are matched`,
        );
      }
    }
    changeAt(base, path.split('.'), () => ({ set: cloneValue(value) }));
  }
  return withId(update.apply(base, true));
}

/** The document with its `_id` as the first field, and a new one where it has none. */
export function withId(document: Document): Document {
  const { _id = new ObjectId(), ...fields } = document;
  return { _id, ...fields };
}
