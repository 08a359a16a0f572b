import { Pool } from 'undici';
import type { HttpTarget, Statuses } from '../job';
import { compileValuePath, counterOf } from '../value-path';
import { type Answer, type Caller, reasonOf, wasNeverSent } from './caller';
import { freshKeys } from './keys';
import { refusal, refusedAt } from './refusal';

const SHOWN = 200;

/**
 * Opens as many connections as calls are open, and keeps them alive. Nothing is sent twice: with no pipelining, undici takes
 * a request for failed when its connection ends (lib/dispatcher/client-h1.js, `onHttpSocketClose`).
 *
 * @throws Error where the value's path, the URL or a header can't be used
 */
export function openHttp(target: HttpTarget, timeoutMs: number): Caller {
  const { method, headers, body, keyHeader } = target;
  const read = compileRead(target);
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
  const freshKey = freshKeys();

  return {
    async increment(id, key = freshKey()) {
      try {
        const { path, body } = requestFor(id);
        const sent = keyHeader === undefined ? headers : { ...headers, [keyHeader]: key };
        const answer = await pool.request({ method, path, headers: sent, body });
        const text = await answer.body.text();
        return answerOf(
          { status: answer.statusCode, headers: answer.headers, text, json: jsonOf(text) },
          read,
          explain,
        );
      } catch (error) {
        return { status: wasNeverSent(error) ? 'not-applied' : 'unknown', reason: reasonOf(error) };
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

interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Undefined where the text is no JSON. */
  readonly json: unknown;
}

type ReadCounter = (answer: HttpAnswer) => number | undefined;

/** @throws Error where the value's path can't be used */
function compileRead({ valuePath, remainingOf }: HttpTarget): ReadCounter {
  const [, header] = /^header:(.+)$/.exec(valuePath) ?? [];
  const inJson = header === undefined ? compileValuePath(valuePath) : undefined;
  return ({ headers, json }) => {
    const told = counterOf(inJson ? inJson(json) : headers[header?.toLowerCase() ?? '']);
    return told === undefined || remainingOf === undefined ? told : remainingOf - told;
  };
}

/** What an answer says. One without the header of a replay may be one all the same: not every API tells. */
function answerOf(answer: HttpAnswer, read: ReadCounter, explain: ReadonlyMap<number, Meaning>): Answer {
  const { status, headers, text, json } = answer;
  const counter = read(answer);
  const reason = `${status} ${text.slice(0, SHOWN)}`.trim();
  switch (explain.get(status)) {
    case 'limit-reached':
      return refusal(counter ?? refusedAt(json));
    case 'throttled':
      return { status: 'throttled', reason: String(status) };
    case 'not-applied':
      return { status: 'not-applied', reason };
    case undefined:
  }
  if (status >= 200 && status < 300 && counter !== undefined) {
    return { status: 'incremented', counter, ...(headers['idempotent-replay'] === 'true' ? { replayed: true } : {}) };
  }
  if (status === 503 && isRetryable(json)) return { status: 'not-applied', reason };
  return { status: status >= 500 ? 'unknown' : 'failed', reason };
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
