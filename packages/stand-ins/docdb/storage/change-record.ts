import { inGroups, type JournaledState, type StateModule } from 'template-runtime/journal';
import { compiledModule } from 'template-runtime/worker';
import { type Document, readDocument, writeDocument } from '../values/document';
import { Catalog, type CatalogChange } from './catalog';

/** A document that was put into a collection, as BSON in base64, because JSON can't hold all that a document can. */
type PutRecord = readonly [database: string, name: string, document: string];

/** What one command changed: documents that were put, and each other change as BSON in base64. */
export type CommandRecord = readonly (PutRecord | string)[];

export function toRecord(change: CatalogChange): PutRecord | string {
  if (!('change' in change) || change.change.type !== 'put') return toText({ ...change });
  return [change.database, change.name, toText(change.change.document)];
}

/** Makes again what a command changed. Earlier versions kept what was put as they did other changes. */
export function replayCommand(catalog: Catalog, record: CommandRecord): void {
  for (const told of record) {
    if (typeof told === 'string') {
      catalog.replay(fromText(told) as unknown as CatalogChange);
    } else {
      const [database, name, document] = told;
      catalog.getOrCreate(database, name).replay({ type: 'put', document: fromText(document) });
    }
  }
}

function toText(document: Document): string {
  return Buffer.from(writeDocument(document)).toString('base64');
}

function fromText(text: string): Document {
  return readDocument(Buffer.from(text, 'base64'));
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
  for (const changes of inGroups(catalog.snapshot())) yield changes.map(toRecord);
}
