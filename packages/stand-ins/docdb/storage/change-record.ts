import type { JournaledState, StateModule } from 'template-runtime/journal';
import { compiledModule } from 'template-runtime/worker';
import { readDocument, writeDocument } from '../values/document';
import { Catalog, type CatalogChange } from './catalog';

/** What one command changed: each change as BSON in base64, because JSON can't hold all that a document can. */
export type CommandRecord = readonly string[];

export function toText(change: CatalogChange): string {
  return Buffer.from(writeDocument({ ...change })).toString('base64');
}

/** Makes again what a command changed. */
export function replayCommand(catalog: Catalog, record: CommandRecord): void {
  for (const text of record) catalog.replay(readDocument(Buffer.from(text, 'base64')) as unknown as CatalogChange);
}

/** For the thread that rewrites the journal. */
export const KEPT_STATE: StateModule = {
  module: compiledModule('docdb/storage/change-record.js', __dirname),
  make: 'emptyCatalog',
};

/** A catalog without databases. */
export function emptyCatalog(): JournaledState<CommandRecord> {
  const catalog = new Catalog();
  return { replay: (record) => replayCommand(catalog, record), snapshot: () => recordsOf(catalog) };
}

/** Records that make what the catalog holds out of nothing. */
function* recordsOf(catalog: Catalog): Generator<CommandRecord> {
  for (const change of catalog.snapshot()) yield [toText(change)];
}
