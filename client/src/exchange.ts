import type { Clock } from './clock.js';

/** A request without a body: the API ignores bodies. */
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, if it is a JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Nothing came back, or not all of it: whether the request arrived is open. */
export interface NoAnswer {
  readonly noAnswer: string;
}

/**
 * Sends a request once.
 *
 * @param timeoutMs for the whole answer, body included
 * @throws the signal's reason when it aborts
 */
export async function exchange(
  request: Request,
  { timeoutMs, clock, signal }: { timeoutMs: number; clock: Clock; signal: AbortSignal | undefined },
): Promise<Answer | NoAnswer> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const cancelTimeout = clock.timeout(timeoutMs, stop);
  signal?.addEventListener('abort', stop);
  try {
    return await send(request, controller.signal);
  } catch (error) {
    signal?.throwIfAborted();
    return { noAnswer: controller.signal.aborted ? `No answer within ${Math.ceil(timeoutMs)} ms` : reasonOf(error) };
  } finally {
    cancelTimeout();
    signal?.removeEventListener('abort', stop);
  }
}

async function send({ method, url, headers }: Request, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers,
    signal,
    cache: 'no-store',
    credentials: 'omit', // with them a browser refuses the API's CORS headers
    redirect: 'manual', // followed, a POST may become a GET, and the API key goes to another host
  });
  return { status: response.status, headers: response.headers, body: parse(await response.text()) };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return { ...(JSON.parse(text) as object) };
  } catch {
    return {}; // HTML, or cut off: not the API's
  }
}

/** Node says "fetch failed", and why in the cause; browsers say nothing more. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { message?: string; code?: string } };
  const detail = cause?.message || cause?.code;
  return `No answer: ${message}${detail ? ` (${detail})` : ''}`;
}
