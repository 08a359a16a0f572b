import { syntaxError, unsupported } from '../sql-error';
import type { CastType, Expression, When } from './ast';
import { group, isInfix, type Piece } from './precedence';

/** A node as the parser library makes it; its own types leave out most of what is there. */
export type LibraryNode = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is LibraryNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws SqlError 1235 where the library gives something else than a node */
export function node(value: unknown, what: string): LibraryNode {
  if (!isNode(value)) throw unsupported(what);
  return value;
}

export function nodes(value: unknown, what: string): readonly LibraryNode[] {
  if (!Array.isArray(value)) throw unsupported(what);
  return value.map((item) => node(item, what));
}

export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return isNode(value) && typeof value['value'] === 'string' ? value['value'] : undefined;
}

/** Refuses what the statement has beside the fields that are read. @throws SqlError 1235 naming the field */
export function refuseOthers(statement: LibraryNode, known: readonly string[], what: string): void {
  for (const [field, value] of Object.entries(statement)) {
    const empty = value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
    if (!empty && field !== 'type' && field !== 'parentheses' && !known.includes(field)) {
      throw unsupported(`${field.toUpperCase().replaceAll('_', ' ')} in ${what}`);
    }
  }
}

/** Reads an expression of the library and groups its operators anew. @throws SqlError 1235 for what isn't known here */
export function readExpression(value: unknown): Expression {
  const pieces: Piece[] = [];
  flatten(node(value, 'this expression'), pieces, true);
  return group(pieces);
}

function flatten(from: LibraryNode, pieces: Piece[], outermost = false): void {
  const inParentheses = from['parentheses'] === true;
  if (inParentheses && !outermost) {
    pieces.push({ kind: 'operand', expression: readExpression(from) });
    return;
  }
  if (from['type'] === 'binary_expr') {
    const operator = String(from['operator']).toUpperCase();
    if (!isInfix(operator)) throw unsupported(operator);
    flatten(node(from['left'], operator), pieces);
    pieces.push({ kind: 'infix', operator });
    flatten(node(from['right'], operator), pieces);
  } else if (from['type'] === 'unary_expr') {
    const operator = String(from['operator']).toUpperCase();
    if (operator !== 'NOT' && operator !== '!' && operator !== '-' && operator !== '+' && operator !== '~') {
      throw unsupported(operator);
    }
    pieces.push({ kind: 'prefix', operator });
    flatten(node(from['expr'], operator), pieces);
  } else if (from['type'] === 'function' && functionName(from) === 'NOT') {
    // `NOT (…)`, which the library takes for a call
    const [argument] = callArguments(from);
    if (argument === undefined) throw syntaxError("near 'NOT ()'");
    pieces.push({ kind: 'prefix', operator: 'NOT' }, { kind: 'operand', expression: argument });
  } else {
    pieces.push({ kind: 'operand', expression: readOperand(from) });
  }
}

function readOperand(from: LibraryNode): Expression {
  const operand = readBareOperand(from);
  const suffix = isNode(from['suffix']) ? from['suffix']['collate'] : undefined;
  const collate = isNode(from['collate']) ? from['collate'] : isNode(suffix) ? suffix : undefined;
  if (collate === undefined) return operand;
  const name = isNode(collate['collate']) ? collate['collate']['name'] : undefined;
  return { kind: 'collate', operand, collation: text(name) ?? '' };
}

function readBareOperand(from: LibraryNode): Expression {
  if ('ast' in from) throw unsupported('subqueries');
  switch (from['type']) {
    case 'param':
      return readSlot(String(from['value']));
    case 'null':
      return { kind: 'null' };
    case 'bool':
      return { kind: 'boolean', value: from['value'] === true };
    case 'column_ref':
      return { kind: 'column', table: text(from['table']), name: text(from['column']) ?? '' };
    case 'expr_list':
      return { kind: 'list', items: nodes(from['value'], 'this list').map(readExpression) };
    case 'var':
      return readVariable(from);
    case 'case':
      return readCase(from);
    case 'cast':
      return { kind: 'cast', operand: readExpression(from['expr']), type: readCastType(from['target']) };
    case 'function':
      return readCall(from);
    case 'aggr_func':
      return readAggregate(from);
    case 'number': // a length such as in NOW(6) is a slot; only CREATE keeps its numbers
      throw unsupported('a number here');
    default:
      throw unsupported(String(from['type']));
  }
}

/** @param name `p3` (parameter), `l3` (literal) or `default`, as readStatement writes them */
function readSlot(name: string): Expression {
  const match = /^([pl])(\d+)$/.exec(name);
  if (match !== null) return { kind: 'slot', slot: Number(match[2]), literal: match[1] === 'l' };
  if (name === 'default') return { kind: 'default' };
  throw syntaxError(`near ':${name}'`);
}

function readVariable(from: LibraryNode): Expression {
  const members = Array.isArray(from['members']) ? from['members'].map(String) : [];
  const parts = [String(from['name']), ...members];
  if (from['prefix'] === '@@') {
    const scope = parts.length > 1 && /^(session|global|local)$/i.test(parts[0] ?? '') ? 1 : 0;
    return { kind: 'variable', system: true, name: parts.slice(scope).join('.').toLowerCase() };
  }
  return { kind: 'variable', system: false, name: parts.join('.').toLowerCase() };
}

function readCase(from: LibraryNode): Expression {
  const whens: When[] = [];
  let otherwise: Expression | undefined;
  for (const branch of nodes(from['args'], 'CASE')) {
    const result = readExpression(branch['result']);
    if (branch['type'] === 'else') otherwise = result;
    else whens.push({ condition: readExpression(branch['cond']), result });
  }
  const operand = isNode(from['expr']) ? readExpression(from['expr']) : undefined;
  return { kind: 'case', operand, whens, otherwise };
}

function readCastType(target: unknown): CastType {
  const [type] = nodes(target, 'this CAST');
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  return {
    name: String(type?.['dataType']).toUpperCase(),
    length: number(type?.['length']),
    scale: number(type?.['scale']),
  };
}

function functionName(from: LibraryNode): string {
  const parts = nodes(node(from['name'], 'this function')['name'], 'this function');
  return parts
    .map((part) => text(part) ?? '')
    .join('.')
    .toUpperCase();
}

function callArguments(from: LibraryNode): readonly Expression[] {
  if (!isNode(from['args'])) return [];
  return nodes(from['args']['value'], 'these arguments').map((argument) => {
    if (argument['type'] === 'datatype') throw unsupported('CONVERT(…, type): write CAST(… AS type)');
    if (argument['type'] === 'interval') throw unsupported('INTERVAL');
    return readExpression(argument);
  });
}

function readCall(from: LibraryNode): Expression {
  const name = functionName(from);
  if (isNode(from['over'])) throw unsupported(`${name}(…) OVER or ON UPDATE`);
  return { kind: 'call', name, arguments: callArguments(from) };
}

function readAggregate(from: LibraryNode): Expression {
  const name = String(from['name']).toUpperCase();
  if (isNode(from['over'])) throw unsupported(`${name}(…) OVER`);
  const argument = node(from['args'], name);
  if (argument['orderby'] || argument['separator']) throw unsupported(`${name} with ORDER BY or SEPARATOR`);
  const inner = node(argument['expr'], name);
  return {
    kind: 'aggregate',
    name,
    distinct: Boolean(argument['distinct']),
    argument: inner['type'] === 'star' ? undefined : readExpression(inner),
  };
}
