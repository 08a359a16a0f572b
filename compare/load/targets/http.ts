import { randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import type { HttpTarget, Statuses } from '../job';
import { compileValuePath, counterOf, type ReadValue } from '../value-path';
import { type Answer, type Caller, wasNeverSent } from './caller';

const SHOWN = 200;

/**
 * Opens as many connections as calls are open, and keeps them alive. Nothing is sent twice: with no pipelining, undici takes
 * a request for failed when its connection ends (lib/dispatcher/client-h1.js, `onHttpSocketClose`).
 *
 * @throws Error where the value's path, the URL or a header can't be used
 */
export function openHttp(target: HttpTarget, timeoutMs: number): Caller {
  const { method, headers, body, keyHeader } = target;
  const read = compileValuePath(target.valuePath);
  const explain = explainStatuses(target.statuses);
  const { origin } = new URL(fillIn(target.url, 'id'));
  const pool = new Pool(origin, {
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs },
  });
  const requests = new Map<string, { readonly path: string; readonly body: string | null }>();
  const requestFor = (id: string): { readonly path: string; readonly body: string | null } => {
    const known = requests.get(id);
    if (known) return known;
    const { pathname, search } = new URL(fillIn(target.url, encodeURIComponent(id)));
    const made = {
      path: pathname + search,
      body: body === undefined ? null : fillIn(body, JSON.stringify(id).slice(1, -1)),
    };
    requests.set(id, made);
    return made;
  };
  const session = randomBytes(9).toString('base64url');
  let keys = 0;

  return {
    async increment(id) {
      try {
        const { path, body } = requestFor(id);
        const sent = keyHeader === undefined ? headers : { ...headers, [keyHeader]: `${session}-${(keys += 1)}` };
        const answer = await pool.request({ method, path, headers: sent, body });
        return answerOf(answer.statusCode, await answer.body.text(), read, explain);
      } catch (error) {
        return { status: wasNeverSent(error) ? 'not-applied' : 'unknown' };
      }
    },
    close: () => pool.destroy(),
  };
}

/** Every `{id}` of a text, `$` left as it is. */
function fillIn(text: string, id: string): string {
  return text.replaceAll('{id}', () => id);
}

type Meaning = 'limit-reached' | 'throttled' | 'not-applied';

function explainStatuses({ limitReached = [409], throttled = [429], notApplied = [] }: Statuses = {}): ReadonlyMap<
  number,
  Meaning
> {
  return new Map<number, Meaning>([
    ...throttled.map((status) => [status, 'throttled'] as const),
    ...notApplied.map((status) => [status, 'not-applied'] as const),
    ...limitReached.map((status) => [status, 'limit-reached'] as const),
  ]);
}

/** What an answer says. A replay says what its first call said, and no call here is a second one. */
function answerOf(status: number, text: string, read: ReadValue, explain: ReadonlyMap<number, Meaning>): Answer {
  const json = jsonOf(text);
  const counter = counterOf(read(json));
  switch (explain.get(status)) {
    case 'limit-reached':
      return { status: 'limit-reached', ...(counter === undefined ? {} : { counter }) };
    case 'throttled':
      return { status: 'throttled', reason: String(status) };
    case 'not-applied':
      return { status: 'not-applied' };
    case undefined:
  }
  if (status >= 200 && status < 300 && counter !== undefined) return { status: 'incremented', counter };
  if (status === 503 && isRetryable(json)) return { status: 'not-applied' };
  return status >= 500
    ? { status: 'unknown' }
    : { status: 'failed', reason: `${status} ${text.slice(0, SHOWN)}`.trim() };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRetryable(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'retryable' in json && json.retryable === true;
}
