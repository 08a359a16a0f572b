import { isDeepStrictEqual } from 'node:util';

/** What is compared of an answer, by field; a field that isn't there is undefined. */
export type Answer = Readonly<Record<string, unknown>>;

/** One question that AWS and the laptop's runtime both answer. */
export interface Call {
  /** What is asked, such as `Increment in Redis: NotAppliedError`. */
  readonly what: string;
  /** What the laptop answers. */
  expect(): Promise<Answer>;
  /** What AWS answers. @throws the SDK's error where it doesn't */
  ask(signal: AbortSignal): Promise<Answer>;
}

/** Calls of one API action that are reported together. */
export interface Group {
  readonly action: string;
  /** What it is asked about, such as a state machine's name. */
  readonly about: string;
  readonly calls: readonly Call[];
  /** What should be asked and can't be, with the reason. */
  readonly gaps: readonly Gap[];
}

/** Something that AWS has not confirmed. */
export interface Gap {
  readonly what: string;
  readonly reason: string;
}

/** A field in which AWS answers otherwise than the laptop. */
export interface Difference {
  readonly what: string;
  readonly field: string;
  readonly laptop: unknown;
  readonly aws: unknown;
}

export type Verdict = { readonly differences: readonly Difference[] } | { readonly gap: Gap };

/**
 * Errors by which a service judges what it was sent. Every other one (access denied, throttled, no connection, …) leaves the
 * question open.
 */
const JUDGEMENTS = new Set([
  ...['ValidationException', 'InvalidDefinition', 'InvalidExecutionInput', 'InvalidArn'],
  ...['InvalidParameterException', 'InvalidOperationException', 'BadRequestException', 'NotFoundException'],
]);

/**
 * Asks both and compares.
 *
 * @throws the reason of `signal` once it is aborted
 */
export async function judge({ what, expect, ask }: Call, signal: AbortSignal): Promise<Verdict> {
  signal.throwIfAborted();
  const [laptop, aws] = await Promise.all([expect(), ask(signal).catch((error: unknown) => refusal(error, signal))]);
  if (typeof aws === 'string') return { gap: { what, reason: aws } };
  return { differences: Array.from(differing(laptop, aws), (difference) => ({ what, ...difference })) };
}

/** An error as an answer, or as the reason why there is none. */
function refusal(error: unknown, signal: AbortSignal): Answer | string {
  signal.throwIfAborted();
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const text = `${name}: ${message}`;
  return JUDGEMENTS.has(name) ? { refused: text } : text;
}

/** The innermost fields that differ. */
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

/** JSON text as what it says, so that spaces and the order of keys don't matter; other text as it is. */
export function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
