import { type SqlError, syntaxError, unsupported } from '../errors';
import type { Value } from '../value';
import type { Token } from './lexer';

/** MySQL's reserved words that could come next in a statement, and don't here: none is a name or an alias. */
const RESERVED = new Set(
  `ALTER ANALYZE AS BINARY CALL CASE CHECK COLLATE CROSS DEFAULT DESC DESCRIBE DISTINCT DIV DROP EXCEPT EXISTS EXPLAIN FOR
  FOREIGN FROM GENERATED GRANT GROUP HAVING IGNORE INDEX INNER INTERSECT INTERVAL INTO JOIN KEY KILL LEFT LIKE LIMIT LOAD LOCK
  MOD NATURAL NOT ON ORDER OUTER PARTITION PROCEDURE REFERENCES REGEXP RELEASE RENAME REPLACE REVOKE RIGHT SELECT SET
  STRAIGHT_JOIN TABLE UNION UNIQUE UNLOCK UNSIGNED USING VALUES WHERE WINDOW WITH XOR ZEROFILL`.split(/\s+/),
);
/** What else TiDB knows where it is refused here. */
const KNOWN = new Set(
  `ADMIN AFTER AUTO_INCREMENT BATCH DEALLOCATE DO EXECUTE FIRST FLUSH IMPORT NAMES NOWAIT OPTIMISTIC PESSIMISTIC PREPARE
  SAVEPOINT SHARE SKIP SPLIT TEMPORARY TO TRACE TRUE USER VIEW WORK % / | & ^ ~ << >> <=> := ->`.split(/\s+/),
);

/** Reads a statement token by token. What doesn't go on as it could is refused. */
export class Cursor {
  position = 0;

  constructor(
    readonly sql: string,
    readonly tokens: readonly Token[],
  ) {}

  get token(): Token | undefined {
    return this.tokens[this.position];
  }

  /** Whether these words or symbols come next. */
  sees(...texts: readonly string[]): boolean {
    return texts.every((text, index) => {
      const token = this.tokens[this.position + index];
      return token?.text === text && (token.kind === 'word' || token.kind === 'symbol');
    });
  }

  /** Goes past these words or symbols if they come next. */
  accepts(...texts: readonly string[]): boolean {
    const isNext = this.sees(...texts);
    if (isNext) this.position += texts.length;
    return isNext;
  }

  /** The one of these words or symbols that comes next, gone past. */
  acceptsOneOf(...texts: readonly string[]): string | undefined {
    return texts.find((text) => this.accepts(text));
  }

  /** @throws SqlError 1064 or 1235 where something else comes next */
  expect(...texts: readonly string[]): void {
    for (const text of texts) if (!this.accepts(text)) throw this.refusal();
  }

  /** @throws SqlError 1064 or 1235 where the statement goes on */
  end(): void {
    if (this.token !== undefined) throw this.refusal();
  }

  /** A name of something. */
  name(): string {
    const { token } = this;
    if (token?.name === undefined || (token.kind === 'word' && RESERVED.has(token.text))) throw this.refusal();
    this.position += 1;
    return token.name;
  }

  /** The name after AS, or without it. */
  alias(): string | undefined {
    const { token } = this;
    if (this.accepts('AS')) return typeof this.token?.value === 'string' ? String(this.literal()) : this.name();
    const isName = token?.name !== undefined && !(token.kind === 'word' && RESERVED.has(token.text));
    return isName ? this.name() : undefined;
  }

  /** @throws SqlError 1064 or 1235 where no literal comes next */
  literal(): Value {
    const { token } = this;
    if (token?.value === undefined) throw this.refusal();
    this.position += 1;
    return token.value;
  }

  /** A name of a collation, a character set or a setting, as an identifier or a text. */
  nameOrText(): string {
    return this.token?.kind === 'literal' ? String(this.literal()) : this.name();
  }

  /** One or more, with commas between. */
  list<Item>(read: () => Item): Item[] {
    const items = [read()];
    while (this.accepts(',')) items.push(read());
    return items;
  }

  parenthesized<Item>(read: () => Item): Item[] {
    this.expect('(');
    const items = this.list(read);
    this.expect(')');
    return items;
  }

  /** Why the statement can't go on with what comes next: it isn't SQL (1064), or isn't carried out here (1235). */
  refusal(): SqlError {
    const { token } = this;
    if (token === undefined) return syntaxError('');
    if (token.kind === 'variable') return unsupported(`the variable ${token.text}`);
    const isQuoted = token.kind === 'quoted' || token.kind === 'literal';
    const isKnown = !isQuoted && (RESERVED.has(token.text) || KNOWN.has(token.text));
    return isKnown ? unsupported(token.text) : syntaxError(this.sql.slice(token.start));
  }
}
