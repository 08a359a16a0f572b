import { SqlError, syntaxError, unsupported } from '../sql-error';
import type { Session } from '../session';
import type { Token } from '../sql/lexer';
import { collationNamed, collationOf } from '../values/collation';
import type { Value } from '../values/value';
import { DONE, type Result } from './plan';

/** SET of variables, names and the isolation level; the parser library knows only a part of its grammar. */
export function set(sql: string, tokens: readonly Token[], session: Session, values: readonly Value[]): Result {
  const words = tokens.slice(1).map(({ text }) => text);
  if (words[0] === 'NAMES' || (words[0] === 'CHARACTER' && words[1] === 'SET')) return setNames(tokens, session);
  const level = /^(?:(SESSION|GLOBAL) )?TRANSACTION ISOLATION LEVEL (.+)$/.exec(words.join(' '));
  if (level !== null) {
    if (level[1] === 'GLOBAL') throw unsupported('SET GLOBAL');
    setVariable(session, 'transaction_isolation', level[2] ?? '');
    return DONE;
  }
  let parameters = 0;
  for (const assignment of splitByComma(tokens.slice(1))) {
    const count = assignment.filter(({ kind }) => kind === 'parameter').length;
    setOne(sql, assignment, session, values.slice(parameters, parameters + count));
    parameters += count;
  }
  return DONE;
}

function setNames(tokens: readonly Token[], session: Session): Result {
  const [charset, keyword, collation] = tokens.slice(tokens[1]?.text === 'NAMES' ? 2 : 3);
  const named = (token: Token | undefined) => String(token?.value ?? token?.text ?? '').toLowerCase();
  if (charset === undefined || (keyword !== undefined && (keyword.text !== 'COLLATE' || collation === undefined))) {
    throw syntaxError("near 'NAMES'");
  }
  const chosen = collation === undefined ? collationOf(named(charset)) : collationNamed(named(collation));
  if (!/^(utf8mb4|utf8|binary)$/.test(chosen.charset)) throw unsupported(`SET NAMES ${named(charset)}`);
  session.state.collation = chosen;
  for (const name of ['client', 'connection', 'results'])
    session.variables.set(`character_set_${name}`, chosen.charset);
  session.variables.set('collation_connection', chosen.name);
  return DONE;
}

function splitByComma(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'symbol') depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
    if (depth === 0 && token.kind === 'symbol' && token.text === ',') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function setOne(sql: string, tokens: readonly Token[], session: Session, values: readonly Value[]): void {
  let at = 0;
  if (tokens[0]?.kind === 'word' && /^(SESSION|LOCAL|GLOBAL)$/.test(tokens[0].text) && tokens[1]?.kind === 'word') {
    if (tokens[0].text === 'GLOBAL') throw unsupported('SET GLOBAL');
    at = 1;
  }
  const name = tokens[at];
  const operator = tokens[at + 1];
  const first = tokens[at + 2];
  if (name === undefined || first === undefined || (operator?.text !== '=' && operator?.text !== ':=')) {
    throw syntaxError(`near '${sql.slice(name?.start ?? 0, (name?.start ?? 0) + 80)}'`);
  }
  const isBareWord = tokens.length === at + 3 && first.kind === 'word' && !/^(NULL|TRUE|FALSE)$/.test(first.text);
  const expression = sql.slice(first.start, tokens.at(-1)?.end);
  const value = isBareWord ? (first.text === 'DEFAULT' ? undefined : expression) : session.evaluate(expression, values);
  const path = name.text.toLowerCase();
  if (name.kind === 'variable' && !path.startsWith('@@')) {
    if (isBareWord) throw new SqlError(1054, `Unknown column '${expression}' in 'field list'`);
    session.state.userVariables.set(path.slice(1), value ?? null);
    return;
  }
  if (/^@@(global|persist)\./.test(path)) throw unsupported('SET GLOBAL');
  setVariable(session, path.replace(/^@@((session|local)\.)?/, ''), value);
}

function setVariable(session: Session, name: string, value: Value | undefined): void {
  const isIsolation = name === 'tx_isolation' || name === 'transaction_isolation';
  for (const each of isIsolation ? ['tx_isolation', 'transaction_isolation'] : [name])
    session.variables.set(each, value);
  if (name === 'autocommit' && session.variables.autocommit) session.commit();
  if (name === 'collation_connection') session.state.collation = collationNamed(String(session.variables.get(name)));
}
