import type { Document } from '../values/document';

/** Tests a document. */
export type Predicate = (document: Document) => boolean;
