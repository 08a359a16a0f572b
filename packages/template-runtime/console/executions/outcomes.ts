import type { Execution } from '../../step-functions';
import type { OutcomeKind } from '../shapes';

/** The outcomes that the counter's machines report, as `outcome` of their output (`lib/counter-api/*-outcomes.vtl`). */
const KINDS: Readonly<Record<string, OutcomeKind>> = {
  'limit-reached': 'refused',
  'invalid-request': 'invalid',
  'unknown-store': 'invalid',
  unavailable: 'not-done',
  'no-room': 'not-done',
  late: 'not-done',
  'no-answer': 'not-done',
  unknown: 'unknown',
};

/** How an execution ended, in the machine's own words where it has some. */
export function outcomeOf({ output, error }: Execution): string | undefined {
  return field(output?.value, 'outcome') ?? error;
}

/** An increment that didn't end by itself has perhaps counted, as the API says then. */
export function outcomeKind(execution: Execution): OutcomeKind {
  const { status } = execution;
  if (status === 'RUNNING') return 'running';
  if (status !== 'SUCCEEDED') return isIncrement(execution) ? 'unknown' : 'failed';
  return KINDS[outcomeOf(execution) ?? ''] ?? 'done';
}

/** A read takes no mode. */
export function isIncrement({ input }: Execution): boolean {
  return hasField(input.value, 'useConditionalWrites');
}

export function storeOf({ input }: Execution): string | undefined {
  return field(input.value, 'store');
}

/** An event of EventBridge has an id too, its own. */
export function counterIdOf({ input }: Execution): string | undefined {
  return hasField(input.value, 'detail-type') ? undefined : field(input.value, 'id');
}

/** A whole number of a payload's field; the machines write large ones as digits. */
export function numberIn(value: unknown, name: string): number | undefined {
  const found = hasField(value, name) ? value[name] : undefined;
  const number = typeof found === 'string' && /^\d{1,16}$/.test(found) ? Number(found) : found;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

/** The limit that an increment asks for. */
export function limitIn(input: unknown): number | undefined {
  return hasField(input, 'useConditionalWrites') && input['useConditionalWrites'] === true
    ? numberIn(input, 'max')
    : undefined;
}

function hasField(value: unknown, name: string): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

function field(value: unknown, name: string): string | undefined {
  const found = hasField(value, name) ? value[name] : undefined;
  return typeof found === 'string' ? found : undefined;
}
