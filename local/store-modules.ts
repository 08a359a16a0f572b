import { STAND_INS } from 'stand-ins';
import { EMBEDDED_DYNAMODB } from 'template-runtime/dynamodb';

/** The embedded server of each store: the module that a thread loads, and what it exports. */
export const EMBEDDED_STORES = { dynamo: EMBEDDED_DYNAMODB, ...STAND_INS } as const;

export type StoreName = keyof typeof EMBEDDED_STORES;
