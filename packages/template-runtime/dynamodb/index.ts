import { compiledModule, type StoreModule } from '../worker';

export { type DynamoOptions, type DynamoRefusal, startDynamo } from './server';
export { type CallDynamo, createTables, readTables, type Table } from './tables';

/** The embedded DynamoDB, for a thread of its own. */
export const EMBEDDED_DYNAMODB = {
  name: 'dynamo',
  module: compiledModule('dynamodb/server.js', __dirname),
  start: 'startDynamo',
} satisfies StoreModule;
