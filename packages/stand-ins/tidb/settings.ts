import { type Collation, collationNamed, DEFAULT_COLLATION } from './sql/collation';
import { SqlError, syntaxError, unsupported } from './sql/errors';
import type { Token } from './sql/lexer';
import { toText } from './value';

export const VERSION = '8.0.11-TiDB-v8.5.0-embedded';

/** Variables that a session may set to what holds here anyway, with the values of which that is true. */
const FIXED: Readonly<Record<string, RegExp>> = {
  sql_mode: /^(?!.*(ANSI|PIPES_AS_CONCAT|NO_BACKSLASH)).*(STRICT_(TRANS|ALL)_TABLES|TRADITIONAL)/,
  time_zone: /^(SYSTEM|UTC|[-+]00:00)$/,
  transaction_isolation: /^(REPEATABLE|READ)[- ](READ|COMMITTED)$/,
  tx_isolation: /^(REPEATABLE|READ)[- ](READ|COMMITTED)$/,
};

/** What a session can set. Settings that would change answers that the stand-in can't give are refused. */
export class Settings {
  /** Whether statements commit by themselves. */
  autocommit = true;
  /** How long a statement waits for another's transaction. */
  lockWaitMs = 50_000;

  /** @param collation how literals compare with each other */
  constructor(public collation: Collation) {}

  /**
   * SET of variables, of names and of the isolation level; the parser library knows only a part of its grammar.
   *
   * @throws SqlError 1193, 1231, and 1235 for what can't be honoured
   */
  set(sql: string, tokens: readonly Token[]): void {
    const words = tokens.map(({ text }) => text).join(' ');
    const level = /^SET (?:SESSION )?TRANSACTION ISOLATION LEVEL (.+)$/.exec(words)?.[1];
    if (level !== undefined) return this.setVariable('transaction_isolation', level);
    if (tokens[1]?.text === 'NAMES') return this.setNames(tokens.slice(2));
    if (/^SET (GLOBAL|@\w)/.test(words)) throw unsupported(words);
    const assignments = tokens.slice(tokens[1]?.text === 'SESSION' ? 2 : 1);
    for (let at = 0; at < assignments.length; at += 4) {
      const [name, operator, value, comma] = assignments.slice(at, at + 4);
      if (name === undefined || value === undefined || operator?.text !== '=') throw syntaxError(sql);
      if ((comma !== undefined && comma.text !== ',') || !/^(word|literal)$/.test(value.kind)) {
        throw unsupported('SET of an expression');
      }
      const text = toText(value.value ?? value.text).toUpperCase();
      this.setVariable(name.text.toLowerCase().replace(/^@@(session\.)?/, ''), text);
    }
  }

  private setNames([charset, keyword, collation, ...rest]: readonly Token[]): void {
    const named = (token: Token | undefined): string => String(token?.value ?? token?.text ?? '').toLowerCase();
    if (rest.length > 0 || (keyword !== undefined && keyword.text !== 'COLLATE')) throw syntaxError('NAMES');
    if (named(charset) !== 'utf8mb4') throw unsupported(`SET NAMES ${named(charset)}`);
    this.collation = collation === undefined ? DEFAULT_COLLATION : collationNamed(named(collation));
  }

  private setVariable(name: string, value: string): void {
    const wrong = new SqlError(1231, `Variable '${name}' can't be set to the value of '${value}'`);
    if (name === 'autocommit') {
      if (!/^(0|1|ON|OFF)$/.test(value)) throw wrong;
      this.autocommit = value === '1' || value === 'ON';
    } else if (name === 'innodb_lock_wait_timeout') {
      if (!/^\d+$/.test(value)) throw wrong;
      this.lockWaitMs = Math.max(1, Number(value)) * 1000;
    } else if (Object.hasOwn(FIXED, name)) {
      if (FIXED[name]?.test(value) !== true) throw unsupported(`${name} '${value}'`);
    } else {
      throw /[.@]/.test(name) || name === 'global'
        ? unsupported(`SET ${name}`)
        : new SqlError(1193, `Unknown system variable '${name}'`);
    }
  }
}
