import { compileExpression, compileReference, type Compiled, type TemplateCompiler } from './expression';
import { assign, type Scope } from './scope';
import { type Block, type Directive, type Node, parseTemplate, type Reference, TemplateSyntaxError } from './syntax';
import { emptyMap, isMap, isTrue, print, type Value } from './values';

type Render = (scope: Scope) => string;

/** A template, read once and rendered for every request. */
export interface VelocityTemplate {
  /**
   * Renders the template. What its references stand for is never read as a template itself.
   *
   * @throws any error: a method threw, an override was set twice
   */
  render(scope: Omit<Scope, 'variables' | 'broken'>): string;
}

/** Names that API Gateway defines; a template can't assign to them. */
const PREDEFINED = new Set(['input', 'util', 'context', 'stageVariables']);

/**
 * Reads a template: Velocity's grammar comes from `velocityjs`, its evaluation is ours, because API Gateway evaluates as
 * Java does (classes, null, `==`, methods) and because a request has no time for a tree walk with JavaScript's semantics
 * patched over it.
 *
 * @throws TemplateSyntaxError
 */
export function compileTemplate(template: string): VelocityTemplate {
  const slots = new Map<string, number>();
  const compiler: TemplateCompiler = {
    slot: (name) => {
      if (PREDEFINED.has(name)) throw new TemplateSyntaxError(`#set can't assign to $${name}`);
      if (!slots.has(name)) slots.set(name, slots.size);
      return slots.get(name) ?? 0;
    },
    interpolation: (text) => compileNodes(parseTemplate(text), compiler),
  };
  const render = compileNodes(parseTemplate(template), compiler);
  const { size } = slots;
  return {
    render: ({ input, context, stageVariables, final }) =>
      render({
        input,
        context,
        stageVariables,
        final,
        variables: new Array<Value>(size).fill(null),
        broken: false,
      }),
  };
}

function compileNodes(nodes: readonly Node[], compiler: TemplateCompiler): Render {
  const parts: (string | Render)[] = [];
  for (const node of nodes) {
    const part = compileNode(node, compiler);
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else if (part !== '') parts.push(part);
  }
  const [only] = parts;
  if (only === undefined) return () => '';
  if (parts.length === 1) return typeof only === 'string' ? () => only : only;
  return (scope) => {
    let text = '';
    for (const part of parts) {
      if (scope.broken) break;
      text += typeof part === 'string' ? part : part(scope);
    }
    return text;
  };
}

function compileNode(node: Node, compiler: TemplateCompiler): string | Render {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return compileBlock(node, compiler);
  switch (node.type) {
    case 'references': {
      const reference = compileReference(node, compiler);
      return (scope) => print(reference(scope));
    }
    case 'set':
      return compileSet(node.equal[0], compileExpression(node.equal[1], compiler), compiler);
    case 'comment':
      return '';
    case 'raw':
      return node.value;
    case 'break':
      return (scope) => {
        scope.broken = true;
        return '';
      };
    default:
      throw notEmulated(node);
  }
}

function compileBlock(block: Block, compiler: TemplateCompiler): Render {
  const [head, ...content] = block;
  if (head.type === 'if') return compileIf(block, compiler);
  if (head.type !== 'foreach') throw notEmulated(head);
  return compileForeach(head.to, compileExpression(head.from, compiler), content, compiler);
}

function notEmulated(directive: Directive): TemplateSyntaxError {
  const name = directive.type === 'macro_call' || directive.type === 'macro_body' ? directive.id : directive.type;
  return new TemplateSyntaxError(`#${name} is not emulated`);
}

function compileIf(block: Block, compiler: TemplateCompiler): Render {
  const branches: { condition: Compiled | undefined; nodes: Node[] }[] = [];
  for (const node of block) {
    const isBranch = typeof node === 'object' && !Array.isArray(node);
    if (isBranch && (node.type === 'if' || node.type === 'elseif'))
      branches.push({ condition: compileExpression(node.condition, compiler), nodes: [] });
    else if (isBranch && node.type === 'else') branches.push({ condition: undefined, nodes: [] });
    else branches.at(-1)?.nodes.push(node);
  }
  const compiled = branches.map(({ condition, nodes }) => ({ condition, render: compileNodes(nodes, compiler) }));
  return (scope) => {
    for (const { condition, render } of compiled)
      if (condition === undefined || isTrue(condition(scope))) return render(scope);
    return '';
  };
}

function compileForeach(item: string, from: Compiled, content: Node[], compiler: TemplateCompiler): Render {
  const itemSlot = compiler.slot(item);
  const foreachSlot = compiler.slot('foreach');
  const countSlot = compiler.slot('velocityCount');
  const body = compileNodes(content, compiler);
  return (scope) => {
    const source = from(scope);
    const items = Array.isArray(source) ? source : isMap(source) ? Object.values(source) : [];
    const { variables: values } = scope;
    const before = [values[itemSlot] ?? null, values[foreachSlot] ?? null, values[countSlot] ?? null] as const;
    let text = '';
    for (const [index, value] of items.entries()) {
      values[itemSlot] = value;
      values[countSlot] = index + 1;
      values[foreachSlot] = Object.assign(emptyMap(), {
        index,
        count: index + 1,
        hasNext: index + 1 < items.length,
        first: index === 0,
        last: index + 1 === items.length,
        parent: before[1],
      });
      text += body(scope);
      if (scope.broken) break;
    }
    scope.broken = false;
    [values[itemSlot], values[foreachSlot], values[countSlot]] = before;
    return text;
  };
}

function compileSet(target: Reference, value: Compiled, compiler: TemplateCompiler): Render {
  const path = target.path ?? [];
  const last = path.at(-1);
  if (last === undefined) {
    const slot = compiler.slot(target.id);
    return (scope) => {
      scope.variables[slot] = value(scope);
      return '';
    };
  }
  if (last.type === 'method') throw new TemplateSyntaxError(`#set can't assign to a method call ($${target.id})`);
  const container = compileReference({ ...target, path: path.slice(0, -1) }, compiler);
  const key: Compiled = last.type === 'property' ? () => last.id : compileExpression(last.id, compiler);
  return (scope) => {
    const map = container(scope);
    const at = key(scope);
    if (Array.isArray(map) && typeof at === 'number') map[at] = value(scope);
    else if (isMap(map)) assign(scope, map, print(at), value(scope));
    return '';
  };
}
