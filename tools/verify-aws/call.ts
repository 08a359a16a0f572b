import { isDeepStrictEqual } from 'node:util';
import { explained, isOfCredentials } from '../aws';

/** What is compared of an answer, by field; a missing field is undefined. */
export type Answer = Readonly<Record<string, unknown>>;

/** One call that AWS and the laptop's runtime both answer. */
export interface Call {
  /** What is called, such as `Increment in Redis: NotAppliedError`. */
  readonly what: string;
  /** The laptop's answer. */
  expect(): Promise<Answer>;
  /** AWS's answer. @throws the SDK's error if there is none */
  ask(signal: AbortSignal): Promise<Answer>;
}

/** Calls of one API action that are reported together. */
export interface Group {
  readonly action: string;
  /** The subject, such as a state machine's name. */
  readonly about: string;
  readonly calls: readonly Call[];
  /** What should be called but can't be, with the reason. */
  readonly gaps: readonly Gap[];
}

/** Something that AWS has not confirmed. */
export interface Gap {
  readonly what: string;
  readonly reason: string;
}

/** A field in which AWS's answer differs from the laptop's. */
export interface Difference {
  readonly what: string;
  readonly field: string;
  readonly laptop: unknown;
  readonly aws: unknown;
}

export type Verdict = { readonly differences: readonly Difference[] } | { readonly gap: Gap };

/**
 * Errors by which a service rejects the request's content. Every other one (access denied, throttled, no connection, …)
 * leaves the question open.
 */
const JUDGEMENTS = new Set([
  ...['ValidationException', 'InvalidDefinition', 'InvalidExecutionInput', 'InvalidArn'],
  ...['InvalidParameterException', 'InvalidOperationException', 'BadRequestException', 'NotFoundException'],
]);

/**
 * Calls both and compares.
 *
 * @throws the reason of `signal` once it is aborted
 */
export async function judge({ what, expect, ask }: Call, signal: AbortSignal): Promise<Verdict> {
  signal.throwIfAborted();
  const [laptop, aws] = await Promise.all([expect(), ask(signal).catch((error: unknown) => refusal(error, signal))]);
  if (typeof aws === 'string') return { gap: { what, reason: aws } };
  return { differences: Array.from(differing(laptop, aws), (difference) => ({ what, ...difference })) };
}

/**
 * An error as an answer, or as the reason for a missing one.
 *
 * @throws Error for one that all further calls would meet
 */
function refusal(error: unknown, signal: AbortSignal): Answer | string {
  signal.throwIfAborted();
  if (isOfCredentials(error)) throw new Error(explained(error), { cause: error });
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const text = `${name}: ${message}`;
  return JUDGEMENTS.has(name) ? { refused: text } : text;
}

/** The innermost differing fields. */
function* differing(laptop: Answer, aws: Answer, path = ''): Generator<Omit<Difference, 'what'>> {
  for (const key of new Set([...Object.keys(laptop), ...Object.keys(aws)])) {
    const [ours, theirs] = [laptop[key], aws[key]];
    const field = path + key;
    if (isDeepStrictEqual(ours, theirs)) continue;
    if (isObject(ours) && isObject(theirs)) yield* differing(ours, theirs, `${field}.`);
    else yield { field, laptop: ours, aws: theirs };
  }
}

function isObject(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON text as its value, so that spaces and the order of keys don't matter; other text as it is. */
export function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
