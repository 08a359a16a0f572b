import { CommandError } from '../errors';
import type { FindOptions } from '../storage/collection';
import { type Document, isDocument } from '../values/document';
import { isBsonNumber, toNumber } from '../values/number';
import { identicalValues } from '../values/order';
import { type Call, type Command, collectionName, documentsField } from './command';
import { firstBatch, found } from './reading';

/** What `countDocuments` of the driver and of mongosh sends, and nothing else: a filter, perhaps a window, and a sum of ones. */
export const aggregateCommand: Command = {
  fields: ['pipeline', 'cursor', 'hint'],
  run: (call) => {
    const pipeline = documentsField(call.body, 'pipeline');
    const name = namedCollection(call, pipeline);
    const { filter, options, group } = countOf(pipeline);
    const n = found(call, filter, options).length;
    return firstBatch(`${call.database}.${name}`, n === 0 ? [] : [{ _id: group._id, n }]);
  },
};

/** @throws CommandError in MongoDB's words for the aggregation of a whole database */
function namedCollection(call: Call, [first]: readonly Document[]): string {
  if (call.argument !== 1) return collectionName(call);
  const stage = first === undefined ? 'an empty pipeline' : `'${nameOf(first)}'`;
  throw new CommandError(73, `{aggregate: 1} is not valid for ${stage}; a collection is required.`);
}

interface Count {
  readonly filter: Document;
  readonly options: FindOptions;
  readonly group: Document;
}

function countOf(pipeline: readonly Document[]): Count {
  const stages = [...pipeline];
  const take = (name: string): unknown => {
    const [stage] = stages;
    return stage && nameOf(stage) === name ? stages.shift()?.[name] : undefined;
  };
  const filter = take('$match') ?? {};
  if (!isDocument(filter)) throw new CommandError(15959, 'the match filter must be an expression in an object');
  const options = { skip: wholeNumber('$skip', take('$skip')), limit: wholeNumber('$limit', take('$limit')) };
  const group = take('$group');
  const [other] = stages;
  if (other) throw new CommandError(304, `Aggregation stage not supported: '${nameOf(other)}'`);
  if (!isDocument(group) || !isOnes(group)) {
    throw new CommandError(304, 'Aggregation not supported: this stand-in counts by {$group: {_id: 1, n: {$sum: 1}}}');
  }
  return { filter, options, group };
}

function isOnes({ _id, ...sums }: Document): boolean {
  return !isDocument(_id) && typeof _id !== 'string' && identicalValues(sums, { n: { $sum: 1 } });
}

function nameOf(stage: Document): string {
  const [name, ...others] = Object.keys(stage);
  if (name !== undefined && others.length === 0) return name;
  throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
}

function wholeNumber(stage: string, value: unknown): number {
  if (value === undefined) return 0;
  const number = isBsonNumber(value) ? toNumber(value) : NaN;
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new CommandError(2, `the argument to ${stage} must be a whole number of at least 0`);
}
