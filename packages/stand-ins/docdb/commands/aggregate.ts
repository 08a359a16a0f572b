import { Decimal128, Double } from 'bson';
import { Aggregator } from 'mingo/aggregator';
import { Context } from 'mingo/core';
import * as accumulators from 'mingo/operators/accumulator';
import * as expressions from 'mingo/operators/expression';
import * as stages from 'mingo/operators/pipeline';
import { CommandError } from '../errors';
import { filterContext, preparedFilter } from '../query/filter';
import type { Collection } from '../storage/collection';
import { cloneDocument, type Document, isDocument } from '../values/document';
import { isBsonNumber, toNumber } from '../values/number';

/** Stages that mingo runs here. The others of MongoDB are refused, as Amazon DocumentDB refuses those that it hasn't. */
const STAGES: ReadonlySet<string> = new Set([
  '$match',
  '$sort',
  '$skip',
  '$limit',
  '$count',
  '$project',
  '$addFields',
  '$set',
  '$unset',
  '$group',
  '$unwind',
  '$replaceRoot',
  '$replaceWith',
  '$lookup',
  '$sortByCount',
  '$sample',
  '$redact',
  '$bucket',
]);
/** Code that clients send isn't run. */
const REFUSED_EXPRESSIONS: ReadonlySet<string> = new Set(['$function', '$accumulator', '$where']);

const context = Context.from(
  filterContext,
  Context.init({ accumulator: { ...accumulators }, expression: { ...expressions }, pipeline: { ...stages } }),
);

/**
 * Runs an aggregation pipeline. Leading `$match`, `$sort`, `$skip` and `$limit` are exact on BSON's types. mingo, which
 * runs the others, calculates in JavaScript's numbers: a long or decimal that isn't one is refused there.
 *
 * @param collectionNamed other collections, for `$lookup`
 */
export function aggregate(
  collection: Collection | undefined,
  pipeline: readonly Document[],
  collectionNamed: (name: string) => Collection | undefined,
): Document[] {
  for (const stage of pipeline) checkStage(stage);
  const { filter, sort, skip, limit, rest } = leadingStages(pipeline);
  const found = collection?.find(filter, { skip, limit, ...(sort ? { sort } : {}) }) ?? [];
  const documents = found.map(({ document }) => document);
  if (rest.length === 0) return documents;
  const input = countsOnly(rest) ? documents : documents.map(plainDocument);
  const aggregator = new Aggregator(rest.map(preparedStage), {
    context,
    scriptEnabled: false,
    collectionResolver: (name) =>
      collectionNamed(name)
        ?.find({})
        .map(({ document }) => plainDocument(document)) ?? [],
  });
  try {
    return aggregator.run<Document>(input);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandError(message.includes('is not registered') ? 168 : 2, `Aggregation failed: ${message}`);
  }
}

interface LeadingStages {
  readonly filter: Document;
  readonly sort: Document | undefined;
  readonly skip: number;
  readonly limit: number;
  readonly rest: readonly Document[];
}

/** Takes off the front what a query does too: matches, then one sort, one skip and one limit. */
function leadingStages(pipeline: readonly Document[]): LeadingStages {
  let position = 0;
  const take = (name: string): unknown => {
    const value = pipeline[position]?.[name];
    if (value !== undefined) position++;
    return value;
  };
  const matches: Document[] = [];
  for (let match = take('$match'); match !== undefined; match = take('$match')) {
    if (!isDocument(match)) throw new CommandError(2, 'the match filter must be an expression in an object');
    matches.push(match);
  }
  const sort = take('$sort');
  const skip = take('$skip');
  const limit = take('$limit');
  const [onlyMatch] = matches;
  return {
    filter: matches.length > 1 ? { $and: matches } : (onlyMatch ?? {}),
    sort: isDocument(sort) ? sort : undefined,
    skip: skip === undefined ? 0 : countOf('$skip', skip, 0),
    limit: limit === undefined ? 0 : countOf('$limit', limit, 1),
    rest: pipeline.slice(position),
  };
}

function checkStage(stage: Document): void {
  const [name, ...others] = Object.keys(stage);
  if (name === undefined || others.length > 0) {
    throw new CommandError(2, 'A pipeline stage specification object must contain exactly one field.');
  }
  if (!Object.hasOwn(stages, name)) throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
  if (!STAGES.has(name)) throw new CommandError(304, `Aggregation stage not supported: '${name}'`);
  checkExpressions(stage[name]);
}

function checkExpressions(value: unknown): void {
  if (Array.isArray(value)) value.forEach(checkExpressions);
  if (!isDocument(value)) return;
  for (const [name, operand] of Object.entries(value)) {
    if (REFUSED_EXPRESSIONS.has(name)) throw new CommandError(304, `Aggregation expression not supported: '${name}'`);
    checkExpressions(operand);
  }
}

function preparedStage(stage: Document): Document {
  if (isDocument(stage.$match)) return { $match: preparedFilter(stage.$match) };
  return plainDocument(stage);
}

/** Whether the stages only count, so that no document's content matters: what the driver's `countDocuments` sends. */
function countsOnly(rest: readonly Document[]): boolean {
  const [first] = rest;
  return first !== undefined && ('$count' in first || ('$group' in first && !mentionsField(first.$group)));
}

function mentionsField(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('$');
  if (Array.isArray(value)) return value.some(mentionsField);
  return isDocument(value) && Object.values(value).some(mentionsField);
}

function countOf(stage: string, value: unknown, least: number): number {
  const count = isBsonNumber(value) ? toNumber(value) : NaN;
  if (Number.isSafeInteger(count) && count >= least) return count;
  throw new CommandError(2, `the argument to ${stage} must be a whole number of at least ${least}`);
}

/** A copy with JavaScript's numbers, for mingo. */
function plainDocument(document: Document): Document {
  const copy = cloneDocument(document);
  for (const field of Object.keys(copy)) copy[field] = plainValue(copy[field]);
  return copy;
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (isDocument(value)) return plainDocument(value);
  if (value instanceof Double) return value.value;
  if (value instanceof Decimal128) throw inexact('decimals');
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw inexact('longs beyond 2^53-1');
  return number;
}

function inexact(what: string): CommandError {
  return new CommandError(304, `Aggregation not supported: this stand-in does not calculate with ${what}`);
}
