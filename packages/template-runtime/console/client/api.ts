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

/** Reads the same again and again. */
export interface ChangingRead<T> {
  /** @returns undefined where the answer to the same question is still the last one. @throws as `read` */
  (parameters: Parameters, signal: AbortSignal): Promise<T | undefined>;
}

/** Asks the server for what has changed since its last answer. */
export function changingRead<T>(path: string): ChangingRead<T> {
  let last = { url: '', tag: '' };
  return async (parameters, signal) => {
    const url = `/console/api/${path}${queryOf(parameters)}`;
    const headers: Record<string, string> = url === last.url ? { 'If-None-Match': last.tag } : {};
    const response = await fetch(url, { signal, headers });
    if (response.status === 304) return undefined;
    const answer = await answerOf<T>(response);
    if (!signal.aborted) last = { url, tag: response.headers.get('ETag') ?? '' };
    return answer;
  };
}

/** Sends to the console's API. @throws RefusedError */
export async function send<T>(path: string, body: unknown): Promise<T> {
  return post<T>(`/console/api/${path}`, body);
}

/** @throws RefusedError */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  return answerOf<T>(await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }));
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
