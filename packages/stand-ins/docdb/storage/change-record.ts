import { toText } from '../values/document';
import type { CatalogChange } from './catalog';

/** A document that was put into a collection. Earlier versions kept no number: they told documents apart by their `_id`. */
export type PutRecord = readonly [database: string, name: string, document: string, number?: number];

/** What one command changed: documents that were put, and each other change. */
export type CommandRecord = readonly (PutRecord | string)[];

export function toRecord(change: CatalogChange): PutRecord | string {
  if (!('change' in change) || change.change.type !== 'put') return toText({ ...change });
  return [change.database, change.name, toText(change.change.document), change.change.number];
}
