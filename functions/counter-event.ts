import { InvalidRequestError, MAX_COUNTER, type Operation } from './counter-store';

/** What a task of a state machine passes to a store's function. */
export interface CounterEvent {
  /** @default - an increment */
  readonly operation: Operation;
  /** The counter id: 1 to 128 of the characters `A-Z a-z 0-9 . _ ~ : @ -`. */
  readonly id: string;
  /** Decimal digits of the limit. Its presence makes an increment conditional. */
  readonly max?: string;
  /** How the store increments, where it has several strategies. */
  readonly strategy?: string;
}

const ID = /^[A-Za-z0-9._~:@-]{1,128}$/;
const DIGITS = /^[1-9][0-9]{0,15}$/;

/**
 * Validates the event of a call.
 *
 * @param strategies the store's strategies for incrementing
 * @throws InvalidRequestError with the rule and the value
 */
export function parseCounterEvent(event: unknown, strategies: readonly string[] = []): CounterEvent {
  const { operation = 'increment', id, max, strategy } = Object(event) as Record<keyof CounterEvent, unknown>;
  if (operation !== 'increment' && operation !== 'read') {
    throw new InvalidRequestError(`operation must be increment or read, got ${shown(operation)}`);
  }
  if (typeof id !== 'string' || !ID.test(id)) {
    throw new InvalidRequestError(`id must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -, got ${shown(id)}`);
  }
  if (max !== undefined && !isLimit(max)) {
    throw new InvalidRequestError(`max must be a string of digits from 1 to ${MAX_COUNTER}, got ${shown(max)}`);
  }
  if (strategy !== undefined && !(typeof strategy === 'string' && strategies.includes(strategy))) {
    const rule = strategies.length === 0 ? 'absent for this store' : `one of ${strategies.join(', ')}`;
    throw new InvalidRequestError(`strategy must be ${rule}, got ${shown(strategy)}`);
  }
  return { operation, id, ...(max === undefined ? {} : { max }), ...(strategy === undefined ? {} : { strategy }) };
}

function isLimit(max: unknown): max is string {
  return typeof max === 'string' && DIGITS.test(max) && Number(max) <= MAX_COUNTER;
}

/** The value as JSON, truncated to fit into any log. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 200);
}
