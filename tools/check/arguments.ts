import { parseArgs } from 'node:util';
import { compileValuePath, type HttpTarget, type Statuses } from '../../compare/load';

/** What `npm run check` is asked for. */
export type CheckRequest =
  | { readonly kind: 'help' }
  /** Judge what was recorded. */
  | { readonly kind: 'history'; readonly file: string }
  | { readonly kind: 'measure'; readonly plan: Plan };

/** What is called, and how. */
export interface Plan {
  readonly target: HttpTarget;
  /** The limit that the API is said to have. @default - the limit isn't judged */
  readonly limit?: number;
  /** What each call adds. @default - 1 */
  readonly by?: number;
  /** Whether counters are spread over shards, as in a history. @default - they aren't */
  readonly sharded?: true;
  readonly concurrency: number;
  readonly durationMs: number;
  /** At most so many calls. @default - the time ends it */
  readonly calls?: number;
  /** Counters that calls are spread over at a time. */
  readonly ids: number;
  readonly timeoutMs: number;
  /** Where the history goes. @default - a file in the system's folder for temporary files */
  readonly output?: string;
}

export const USAGE = `Usage: npm run check -- --request 'POST https://host/{id}' [option …]

Calls a counter's HTTP API from many callers at once and decides by what they saw: is it atomic, is its limit exact, do
retries count twice? {id} becomes a fresh counter's id. docs/check.md says more.

  --request 'METHOD URL'    what counts
  --header 'NAME: VALUE'    sent with every call; may be repeated
  --body TEXT               sent with every call; {id} as in the URL
  --value WHERE             the value in the answer: a path such as '$.counter' (default), or 'header:NAME'
  --remaining WHERE         what the answer tells is what remains below --limit
  --limit N                 no call passes this value
  --by N                    each call adds N, all or nothing (default 1), as --request tells the API
  --sharded                 values come in any order, as from a counter that is spread over shards
  --limit-status LIST       statuses that mean "limit reached" (default 409,429)
  --key-header NAME         the header of an idempotency key: repeats calls with the same key
  --concurrency N           callers at once (default 16)
  --duration SECONDS        how long (default 5)
  --calls N                 at most so many calls
  --ids N                   counters at a time (default 1)
  --timeout SECONDS         how long a call waits, after which its outcome is unknown (default 10)
  --output FILE             where the history goes (default: a new file in the folder for temporary files)
  --history FILE            calls nothing, judges this history again
  --help

Exit code 0: exact in everything that was asked. 1: not exact, not decidable, or an error.`;

const OPTIONS = {
  request: { type: 'string' },
  header: { type: 'string', multiple: true },
  body: { type: 'string' },
  value: { type: 'string' },
  remaining: { type: 'string' },
  limit: { type: 'string' },
  by: { type: 'string' },
  sharded: { type: 'boolean' },
  'limit-status': { type: 'string' },
  'key-header': { type: 'string' },
  concurrency: { type: 'string' },
  duration: { type: 'string' },
  calls: { type: 'string' },
  ids: { type: 'string' },
  timeout: { type: 'string' },
  output: { type: 'string' },
  history: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** What a header's name is made of. Source: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Reads the command line.
 *
 * @throws Error with a line for each argument that can't be used, which names it and what it must be
 */
export function readArguments(args: readonly string[]): CheckRequest {
  const values = parse(args);
  if (values.help === true) return { kind: 'help' };
  if (values.history !== undefined) {
    const other = Object.keys(values).find((name) => name !== 'history');
    if (other !== undefined) throw new Error(`--${other} can't be used with --history, which calls nothing`);
    return { kind: 'history', file: values.history };
  }
  const problems: string[] = [];
  const plan = toPlan(values, problems);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { kind: 'measure', plan };
}

type Values = ReturnType<typeof parse>;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const [message = ''] = (error as Error).message.split(/\. |\n/);
    throw new Error(`${message.replace(/\.$/, '')}: npm run check -- --help lists the arguments`, { cause: error });
  }
}

/** Values that can't be used are replaced by some that aren't, and told in `problems`. */
function toPlan(values: Values, problems: string[]): Plan {
  const { whole, seconds, wrong } = readers(problems);
  const { method, url } = readRequest(values.request, problems);
  const limit = values.limit === undefined ? undefined : whole('limit', values.limit, 1, Number.MAX_SAFE_INTEGER);
  const where = readWhere(values, limit, problems);
  const keyHeader = values['key-header'];
  // A request that is missing has been told.
  const hasId = values.request?.includes('{id}') !== false || values.body?.includes('{id}') === true;
  if (keyHeader !== undefined && !TOKEN.test(keyHeader)) wrong('key-header', "a header's name", keyHeader);
  if (keyHeader !== undefined && !hasId)
    problems.push('--key-header needs {id} in --request: repeats get a counter of their own');
  const ids = whole('ids', values.ids ?? '1', 1, 10_000);
  if (ids > 1 && !hasId) problems.push(`--ids ${ids} needs {id} in --request`);
  const by = values.by === undefined ? 1 : whole('by', values.by, 1, 1_000_000);
  const sharded = values.sharded === true;
  for (const [name, isGiven] of Object.entries({ by: by > 1, sharded })) {
    if (isGiven && !hasId) problems.push(`--${name} needs {id} in --request: a fresh counter's start is known`);
  }
  if (by > 1 && sharded) problems.push("--by can't be used with --sharded: each shard counts its own values");
  if (limit !== undefined && by > limit) problems.push(`--by ${by} is above --limit ${limit}: no call would count`);
  return {
    target: {
      kind: 'http',
      method,
      url,
      headers: Object.fromEntries((values.header ?? []).map((header) => readHeader(header, problems))),
      ...(values.body === undefined ? {} : { body: values.body }),
      ...where,
      ...(keyHeader === undefined ? {} : { keyHeader }),
      statuses: readStatuses(values['limit-status'], limit, problems),
    },
    ...(limit === undefined ? {} : { limit }),
    ...(by === 1 ? {} : { by }),
    ...(sharded ? { sharded } : {}),
    concurrency: whole('concurrency', values.concurrency ?? '16', 1, 1000),
    durationMs: seconds('duration', values.duration ?? '5'),
    ...(values.calls === undefined ? {} : { calls: whole('calls', values.calls, 2, 10_000_000) }),
    ids,
    timeoutMs: seconds('timeout', values.timeout ?? '10'),
    ...(values.output === undefined ? {} : { output: values.output }),
  };
}

function readRequest(request: string | undefined, problems: string[]): { method: string; url: string } {
  const example = "a method and a URL, such as 'POST https://host/{id}'";
  const [, method = '', url = ''] = /^([A-Z]+) (https?:\/\/\S+)$/.exec(request ?? '') ?? [];
  if (request === undefined) problems.push(`--request is missing: ${example}`);
  else if (!URL.canParse(url.replaceAll('{id}', 'id'))) readers(problems).wrong('request', example, request);
  return { method, url };
}

function readHeader(header: string, problems: string[]): [string, string] {
  const [, name = '', value = ''] = /^([^:]*):\s*(.*?)\s*$/.exec(header) ?? [];
  // Its value may be a secret: it isn't shown.
  if (!TOKEN.test(name)) problems.push(`--header must be 'NAME: VALUE', got one whose name is ${JSON.stringify(name)}`);
  return [name.toLowerCase(), value];
}

function readWhere(
  values: Values,
  limit: number | undefined,
  problems: string[],
): Pick<HttpTarget, 'valuePath' | 'remainingOf'> {
  if (values.remaining === undefined) return { valuePath: readPath('value', values.value ?? '$.counter', problems) };
  if (values.value !== undefined) problems.push('--remaining takes the place of --value: give one of them');
  if (limit === undefined) problems.push('--remaining needs --limit: the value is the limit less what remains');
  return { valuePath: readPath('remaining', values.remaining, problems), remainingOf: limit ?? NaN };
}

function readPath(name: string, where: string, problems: string[]): string {
  const [, header] = /^header:(.*)$/.exec(where) ?? [];
  const isRight = header === undefined ? isValuePath(where) : TOKEN.test(header);
  const rule = "a path such as '$.counter' or '$.items[0].n', or 'header:NAME'";
  if (!isRight) readers(problems).wrong(name, rule, where);
  return where;
}

function isValuePath(text: string): boolean {
  try {
    compileValuePath(text);
    return true;
  } catch {
    return false;
  }
}

/** Without a limit nothing is refused for it: 429 says that a call wasn't let through, and 409 proves nothing. */
function readStatuses(list: string | undefined, limit: number | undefined, problems: string[]): Statuses {
  if (limit === undefined) {
    if (list !== undefined) problems.push('--limit-status needs --limit: the limit that they mean');
    return { limitReached: [], throttled: [429] };
  }
  const limitReached = (list ?? '409,429').split(',').map((status) => status.trim());
  if (!limitReached.every((status) => /^[1-5]\d\d$/.test(status))) {
    readers(problems).wrong('limit-status', 'HTTP statuses, such as 409,429', list ?? '');
  }
  return { limitReached: limitReached.map(Number) };
}

/** What reads numbers, and adds those that break their rule to the problems. */
function readers(problems: string[]) {
  const wrong = (name: string, rule: string, got: string): number => {
    problems.push(`--${name} must be ${rule}, got ${JSON.stringify(got)}`);
    return NaN;
  };
  return {
    wrong,
    whole(name: string, text: string, least: number, most: number): number {
      const number = /^\d+$/.test(text) ? Number(text) : NaN;
      return number >= least && number <= most ? number : wrong(name, `a whole number from ${least} to ${most}`, text);
    },
    /** @returns milliseconds */
    seconds(name: string, text: string): number {
      const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
      return number > 0 && number <= 3600 ? number * 1000 : wrong(name, 'a number of seconds up to 3600', text);
    },
  };
}
