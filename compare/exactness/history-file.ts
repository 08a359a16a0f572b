import { readFile, writeFile } from 'node:fs/promises';
import type { History, Operation, Reset, Result } from './history';

/** Raised with every change that a reader of the file would stumble over. */
const SCHEMA_VERSION = 1;

/** The history of one counter among others. */
export interface CounterHistory {
  readonly id: string;
  readonly history: History;
}

/**
 * Writes histories as JSON, an operation a line. Times are nanoseconds since the first of all, so that they are numbers.
 * A counter may have `"ownReplays": true` and `"sharded": true` beside its start, as in a {@link History}.
 *
 * ```json
 * {
 *   "schemaVersion": 1,
 *   "counters": [
 *     {
 *       "id": "votes",
 *       "start": 0,
 *       "operations": [
 *         { "client": 0, "invokedAtNs": 0, "completedAtNs": 412000, "status": "incremented", "counter": 1, "max": 5 },
 *         { "client": 1, "invokedAtNs": 3000, "completedAtNs": 498000, "status": "unknown", "max": 5, "by": 4, "key": "k1" }
 *       ],
 *       "resets": []
 *     }
 *   ]
 * }
 * ```
 */
export async function writeHistoryFile(file: string, histories: readonly CounterHistory[]): Promise<void> {
  const origin = firstTimeOf(histories);
  const since = (time: bigint): number => Number(time - origin);
  const counters = histories.map(({ id, history }) => {
    const { operations, resets = [], start = 0, ownReplays = false, sharded = false } = history;
    const operationLines = operations.map(({ client, invokedAt, completedAt, result, max, by, key }) => {
      return JSON.stringify({
        client,
        invokedAtNs: since(invokedAt),
        completedAtNs: since(completedAt),
        ...result,
        max,
        by,
        key,
      });
    });
    const resetLines = resets.map(({ from, to, value }) => {
      return JSON.stringify({ fromNs: since(from), toNs: since(to), value });
    });
    return (
      `{"id":${JSON.stringify(id)},"start":${start},${ownReplays ? '"ownReplays":true,' : ''}` +
      `${sharded ? '"sharded":true,' : ''}` +
      `"operations":[${linesOf(operationLines)}],` +
      `"resets":[${linesOf(resetLines)}]}`
    );
  });
  await writeFile(file, `{"schemaVersion":${SCHEMA_VERSION},"counters":[${linesOf(counters)}]}\n`);
}

function linesOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`;
}

function firstTimeOf(histories: readonly CounterHistory[]): bigint {
  let first: bigint | undefined;
  for (const { history } of histories) {
    for (const time of [
      ...history.operations.map(({ invokedAt }) => invokedAt),
      ...(history.resets ?? []).map(({ from }) => from),
    ]) {
      if (first === undefined || time < first) first = time;
    }
  }
  return first ?? 0n;
}

/**
 * Reads what {@link writeHistoryFile} wrote, or somebody else in its way.
 *
 * @throws Error in one line that names the file and the field
 */
export async function readHistoryFile(file: string): Promise<CounterHistory[]> {
  try {
    return parseHistories(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function parseHistories(text: string): CounterHistory[] {
  const document = new Fields('', JSON.parse(text));
  document.whole('schemaVersion', SCHEMA_VERSION, SCHEMA_VERSION);
  return document.list('counters').map((counter) => ({
    id: counter.text('id'),
    history: {
      start: counter.optional('start', () => counter.whole('start')) ?? 0,
      operations: counter.list('operations').map(toOperation),
      resets: counter.optional('resets', () => counter.list('resets').map(toReset)) ?? [],
      ...(counter.optional('ownReplays', () => counter.flag('ownReplays')) === true ? { ownReplays: true } : {}),
      ...(counter.optional('sharded', () => counter.flag('sharded')) === true ? { sharded: true } : {}),
    },
  }));
}

function toOperation(fields: Fields): Operation {
  const invokedAt = fields.whole('invokedAtNs', 0);
  const max = fields.optional('max', () => fields.whole('max'));
  const by = fields.optional('by', () => fields.whole('by', 1));
  const key = fields.optional('key', () => fields.text('key'));
  return {
    client: fields.whole('client'),
    invokedAt: BigInt(invokedAt),
    completedAt: BigInt(fields.whole('completedAtNs', invokedAt)),
    result: toResult(fields),
    ...(max === undefined ? {} : { max }),
    ...(by === undefined ? {} : { by }),
    ...(key === undefined ? {} : { key }),
  };
}

const STATUSES = ['incremented', 'limit-reached', 'not-applied', 'unknown', 'read'] as const;

function toResult(fields: Fields): Result {
  const status = fields.oneOf('status', STATUSES);
  switch (status) {
    case 'incremented': {
      const replayed = fields.optional('replayed', () => fields.flag('replayed'));
      return { status, counter: fields.whole('counter'), ...(replayed === undefined ? {} : { replayed }) };
    }
    case 'read':
      return { status, counter: fields.whole('counter') };
    case 'limit-reached': {
      const counter = fields.optional('counter', () => fields.whole('counter'));
      return { status, ...(counter === undefined ? {} : { counter }) };
    }
    case 'not-applied':
    case 'unknown':
      return { status };
  }
}

function toReset(fields: Fields): Reset {
  const from = fields.whole('fromNs', 0);
  const value = fields.optional('value', () => fields.whole('value'));
  return { from: BigInt(from), to: BigInt(fields.whole('toNs', from)), ...(value === undefined ? {} : { value }) };
}

/** Reads the fields of an object of the file, and knows where it stands. */
class Fields {
  readonly #path: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(path: string, value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error(`${path || 'the document'} must be an object, got ${JSON.stringify(value)}`);
    }
    this.#path = path;
    this.#fields = value as Readonly<Record<string, unknown>>;
  }

  whole(name: string, least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.#fields[name];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const bounds =
      least === most
        ? `${least}`
        : least === Number.MIN_SAFE_INTEGER
          ? 'a whole number'
          : `a whole number from ${least}`;
    throw this.#wrong(name, bounds);
  }

  text(name: string): string {
    const value = this.#fields[name];
    if (typeof value === 'string') return value;
    throw this.#wrong(name, 'a string');
  }

  flag(name: string): boolean {
    const value = this.#fields[name];
    if (typeof value === 'boolean') return value;
    throw this.#wrong(name, 'true or false');
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const value = values.find((each) => each === this.#fields[name]);
    if (value !== undefined) return value;
    throw this.#wrong(name, `one of ${values.join(', ')}`);
  }

  list(name: string): Fields[] {
    const value = this.#fields[name];
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list');
    return value.map((item: unknown, index) => new Fields(`${this.#pathOf(name)}[${index}]`, item));
  }

  optional<T>(name: string, read: () => T): T | undefined {
    return this.#fields[name] === undefined ? undefined : read();
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #wrong(name: string, rule: string): Error {
    return new Error(`${this.#pathOf(name)} must be ${rule}, got ${JSON.stringify(this.#fields[name])}`);
  }
}
