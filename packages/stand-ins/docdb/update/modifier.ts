import type { Document } from '../values/document';
import type { Change } from './target';

/**
 * Prepares the change of one field: the operand is checked once, the change applied to each document.
 *
 * @param path as the update has it, for messages
 */
export type Modifier = (path: string, operand: unknown) => (current: unknown, document: Document) => Change;
