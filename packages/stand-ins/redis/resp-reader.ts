/** A request breaks the protocol: the client gets the message as an error and is cut off. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

const EMPTY = Buffer.alloc(0);
const LINE_LIMIT = 64 * 1024;
/** Redis' own limit is higher; arguments are handed on as JavaScript's, which allows about this many. */
const ARGUMENT_LIMIT = 64 * 1024;
/** Redis' default `proto-max-bulk-len`. */
const BULK_LIMIT = 512 * 1024 * 1024;

/** Cuts a stream of bytes, however it is fragmented, into requests. */
export class RequestReader {
  private readonly chunks: Buffer[] = [];
  private bytes = EMPTY;
  private position = 0;
  /** Bytes that the next step surely needs beyond `position`. */
  private needed = 1;
  private args: string[] = [];
  private missingArgs = 0;
  private bulkLength: number | undefined;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  /**
   * The next complete request as binary strings, its name first; undefined when more bytes are needed.
   *
   * @throws ProtocolError
   */
  next(): string[] | undefined {
    for (;;) {
      if (!this.gather()) return undefined;
      if (this.missingArgs === 0) {
        const line = this.line();
        if (line === undefined) return undefined;
        const inline = this.open(line);
        if (inline !== undefined) return inline;
      } else if (this.bulkLength === undefined) {
        const line = this.line();
        if (line === undefined) return undefined;
        this.bulkLength = bulkLength(line);
        this.needed = this.bulkLength + 2;
      } else {
        this.args.push(this.bytes.toString('latin1', this.position, this.position + this.bulkLength));
        this.position += this.bulkLength + 2;
        this.bulkLength = undefined;
        this.needed = 1;
        this.missingArgs -= 1;
        if (this.missingArgs === 0) return this.args;
      }
    }
  }

  /** Joins what has arrived, but only once there is enough: a large argument comes in many pieces. */
  private gather(): boolean {
    const rest = this.bytes.length - this.position;
    if (rest >= this.needed) return true;
    const arrived = this.chunks.reduce((sum, chunk) => sum + chunk.length, rest);
    if (arrived < this.needed) return false;
    this.bytes = Buffer.concat([this.bytes.subarray(this.position), ...this.chunks]);
    this.position = 0;
    this.chunks.length = 0;
    return true;
  }

  private line(): string | undefined {
    const end = this.bytes.indexOf(10, this.position);
    if (end === -1) {
      const rest = this.bytes.length - this.position;
      if (rest > LINE_LIMIT) throw new ProtocolError('ERR Protocol error: too big inline request');
      this.needed = rest + 1;
      return undefined;
    }
    const line = this.bytes.toString('latin1', this.position, this.bytes[end - 1] === 13 ? end - 1 : end);
    this.position = end + 1;
    this.needed = 1;
    return line;
  }

  /** Starts a request; an inline one is complete at once. */
  private open(line: string): string[] | undefined {
    if (!line.startsWith('*')) {
      const words = splitInline(line);
      return words.length === 0 ? undefined : words;
    }
    const count = Number(line.slice(1));
    if (!/^\*-?\d+$/.test(line) || count > ARGUMENT_LIMIT) {
      throw new ProtocolError('ERR Protocol error: invalid multibulk length');
    }
    this.args = [];
    this.missingArgs = Math.max(count, 0);
    return undefined;
  }
}

function bulkLength(line: string): number {
  if (!line.startsWith('$'))
    throw new ProtocolError(`ERR Protocol error: expected '$', got '${line.charAt(0) || ' '}'`);
  if (!/^\$\d+$/.test(line) || Number(line.slice(1)) > BULK_LIMIT) {
    throw new ProtocolError('ERR Protocol error: invalid bulk length');
  }
  return Number(line.slice(1));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };

/** Spaces, then plain characters, then perhaps a quoted part, which ends the word. */
const INLINE_WORD = /^\s*([^\s"']*)(?:"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)')?(?=\s|$)/;

/** Splits what a person typed: words, or quoted text with backslashes. */
function splitInline(line: string): string[] {
  const words: string[] = [];
  for (let rest = line.trim(); rest !== '';) {
    const [word, plain = '', double, single] = INLINE_WORD.exec(rest) ?? [];
    if (word === undefined) throw new ProtocolError('ERR Protocol error: unbalanced quotes in request');
    words.push(plain + (double === undefined ? (single ?? '').replace(/\\'/g, "'") : unescape(double)));
    rest = rest.slice(word.length).trimStart();
  }
  return words;
}

function unescape(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|([^]))/g, (_, hex: string | undefined, character: string = '') =>
    hex === undefined ? (ESCAPES[character] ?? character) : String.fromCharCode(parseInt(hex, 16)),
  );
}
