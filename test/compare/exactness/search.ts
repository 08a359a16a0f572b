import fc from 'fast-check';
import type { History, Operation, Result } from '../../../compare/exactness';

const result: fc.Arbitrary<Result> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 5 }).map((counter) => ({ status: 'incremented', counter }) as const),
  },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 }).map((counter) => ({ status: 'read', counter }) as const) },
  { weight: 2, arbitrary: fc.constant({ status: 'unknown' } as const) },
  { weight: 1, arbitrary: fc.constant({ status: 'not-applied' } as const) },
  { weight: 1, arbitrary: fc.constant({ status: 'limit-reached' } as const) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 3, max: 5 }).map((counter) => ({ status: 'limit-reached', counter }) as const),
  },
);

const operation: fc.Arbitrary<Operation> = fc
  .record({
    result,
    from: fc.integer({ min: 0, max: 20 }),
    length: fc.integer({ min: 1, max: 12 }),
    limited: fc.boolean(),
  })
  .map(({ result, from, length, limited }) => ({
    client: 0,
    invokedAt: BigInt(from),
    completedAt: BigInt(from + length),
    result,
    ...(result.status === 'limit-reached' || (limited && result.status === 'incremented') ? { max: 3 } : {}),
  }));

/** A few operations with any results and times: few of them can have happened. */
export function smallHistories(): fc.Arbitrary<History> {
  return fc.record({
    operations: fc.array(operation, { minLength: 1, maxLength: 6 }),
    start: fc.integer({ min: 0, max: 1 }),
  });
}

/**
 * Whether the operations have an order that explains every result, each before those that began after it had completed:
 * linearizability by its definition, trying all orders. An operation of unknown outcome may be left out.
 */
export function hasAnOrder({ operations, start = 0 }: History): boolean {
  const applied = operations.filter(({ result }) => result.status !== 'not-applied');
  return hasRest(applied, start);
}

function hasRest(rest: readonly Operation[], counter: number): boolean {
  if (rest.every(({ result }) => result.status === 'unknown')) return true;
  return rest.some((next) => {
    const isFirst = rest.every((other) => isUnknown(other) || other === next || other.completedAt >= next.invokedAt);
    const after = isFirst ? step(next, counter) : undefined;
    return (
      after !== undefined &&
      hasRest(
        rest.filter((other) => other !== next),
        after,
      )
    );
  });
}

/** The counter after an operation, or undefined where it can't have had its result. */
function step({ result, max = Infinity }: Operation, counter: number): number | undefined {
  switch (result.status) {
    case 'incremented':
      return counter < max && result.counter === counter + 1 ? counter + 1 : undefined;
    case 'read':
      return result.counter === counter ? counter : undefined;
    case 'limit-reached':
      return counter >= max && (result.counter ?? counter) === counter ? counter : undefined;
    case 'not-applied':
      return counter;
    case 'unknown':
      return counter + 1;
  }
}

function isUnknown({ result }: Operation): boolean {
  return result.status === 'unknown';
}
