import type { History, Operation } from '../../../compare/exactness';
import type { RequestCounts, Window } from '../../../compare/report';
import type { DynamoRequest, RequestKind } from './requests';

const NS_PER_MS = 1e6;

/** When an operation ended, in milliseconds since the first call. */
export function endedAtMs({ completedAt }: Operation): number {
  return Number(completedAt) / NS_PER_MS;
}

/** The times of the increments that counted, in milliseconds since the first call, ascending. */
export function incrementTimes({ operations }: History): number[] {
  return operations
    .filter(({ result }) => result.status === 'incremented')
    .map(endedAtMs)
    .sort((a, b) => a - b);
}

/** What ended after a time and not later than another one. */
export function windowOf(
  { operations }: History,
  requests: readonly DynamoRequest[],
  fromMs: number,
  toMs: number,
): Window {
  const within = (atMs: number): boolean => atMs > fromMs && atMs <= toMs;
  const ended = (status: Operation['result']['status']): number =>
    operations.filter((operation) => operation.result.status === status && within(endedAtMs(operation))).length;
  return {
    ms: toMs - fromMs,
    incremented: ended('incremented'),
    limitReached: ended('limit-reached'),
    notApplied: ended('not-applied'),
    requests: countsOf(requests.filter(({ atMs }) => within(atMs))),
  };
}

/**
 * DynamoDB bills a read unit for each item of up to 4 KB, half of one if it is eventually consistent, and as much for one that
 * isn't there.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
function countsOf(requests: readonly DynamoRequest[]): RequestCounts {
  const ended = (wanted: RequestKind): number => requests.filter(({ kind }) => kind === wanted).length;
  return {
    written: ended('written'),
    refused: ended('refused'),
    throttled: ended('throttled'),
    reads: ended('read'),
    readUnits: requests.reduce((sum, { items, isConsistent }) => sum + items * (isConsistent ? 1 : 0.5), 0),
  };
}
