import type { ProblemAnswer } from '../shapes';

/** The API refused a request. The message says why. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export type Parameters = Readonly<Record<string, string | number | undefined>>;

/**
 * Reads from the console's API.
 *
 * @throws RefusedError
 * @throws TypeError when the runtime doesn't answer
 */
export async function read<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
  return answerOf<T>(await fetch(`/console/api/${path}${queryOf(parameters)}`, signal ? { signal } : {}));
}

/** Sends to the console's API. @throws RefusedError */
export async function send<T>(path: string, body: unknown): Promise<T> {
  return answerOf<T>(
    await fetch(`/console/api/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

async function answerOf<T>(response: Response): Promise<T> {
  const answer = (await response.json()) as T & ProblemAnswer;
  if (!response.ok) throw new RefusedError(response.status, answer.message);
  return answer;
}

/** `?a=1&b=2`, without what is undefined or empty. */
export function queryOf(parameters: Parameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
