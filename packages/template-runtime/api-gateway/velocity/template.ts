import {
  compileCondition,
  compileExpression,
  compileLookup,
  compileReference,
  type Compiled,
  type TemplateCompiler,
} from './expression';
import { parseTemplate } from './parser';
import { assign, type Scope } from './scope';
import { type Branch, type Node, type Reference, TemplateSyntaxError } from './syntax';
import { DefinedBlock, emptyMap, isMap, print, type Value } from './values';

type Render = (scope: Scope) => string;

/** A template, read once and rendered for every request. */
export interface VelocityTemplate {
  /**
   * Renders the template. What its references stand for is never read as a template itself.
   *
   * @throws any error: a method threw, an override was set twice
   */
  render(scope: Omit<Scope, 'variables' | 'left'>): string;
}

/** Names that API Gateway defines; a template can't assign to them. */
const PREDEFINED = new Set(['input', 'util', 'context', 'stageVariables']);

/**
 * Reads a template. It is evaluated as Apache Velocity 1.7 does it, on Java's classes, with an undefined reference standing
 * for an empty text: so configured, Velocity gives every result that is recorded on AWS
 * (`packages/template-runtime/test/api-gateway/velocity/recorded-on-aws.json`).
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
    interpolation: (text) => compileInterpolation(text, compiler),
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
        left: undefined,
      }),
  };
}

/** Velocity sets a blank behind a text in double quotes that it reads as a template, and takes the last character away again. */
function compileInterpolation(text: string, compiler: TemplateCompiler): Render {
  if (text.includes('##')) return compileNodes(parseTemplate(text), compiler);
  const render = compileNodes(parseTemplate(`${text} `), compiler);
  return (scope) => render(scope).slice(0, -1);
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
      if (scope.left !== undefined) break;
      text += typeof part === 'string' ? part : part(scope);
    }
    return text;
  };
}

function compileNode(node: Node, compiler: TemplateCompiler): string | Render {
  if (typeof node === 'string') return node;
  switch (node.type) {
    case 'reference': {
      const reference = compileReference(node, compiler);
      return (scope) => {
        const value = reference(scope);
        return value instanceof DefinedBlock ? value.render() : print(value);
      };
    }
    case 'set':
      return compileSet(node.target, compileExpression(node.value, compiler), compiler);
    case 'if':
      return compileIf(node.branches, compiler);
    case 'foreach':
      return compileForeach(node.item, compileExpression(node.from, compiler), node.content, compiler);
    case 'define': {
      const slot = compiler.slot(node.name);
      const render = compileNodes(node.content, compiler);
      return (scope) => {
        scope.variables[slot] = new DefinedBlock(() => render(scope));
        return '';
      };
    }
    case 'break':
    case 'stop':
      return (scope) => {
        scope.left = node.type === 'stop' ? 'template' : 'loop';
        return '';
      };
  }
}

function compileIf(branches: readonly Branch[], compiler: TemplateCompiler): Render {
  const compiled = branches.map(({ condition, content }) => ({
    condition: condition && compileCondition(condition, compiler),
    render: compileNodes(content, compiler),
  }));
  return (scope) => {
    for (const { condition, render } of compiled) if (condition === undefined || condition(scope)) return render(scope);
    return '';
  };
}

function compileForeach(item: string, from: Compiled, content: readonly Node[], compiler: TemplateCompiler): Render {
  const slots = [item, 'foreach', 'velocityCount', 'velocityHasNext'].map((name) => compiler.slot(name));
  const [itemSlot = 0, foreachSlot = 0, countSlot = 0, hasNextSlot = 0] = slots;
  const body = compileNodes(content, compiler);
  return (scope) => {
    const source = from(scope);
    const items = Array.isArray(source) ? source : isMap(source) ? Object.values(source) : [];
    const { variables: values } = scope;
    const before = slots.map((slot) => values[slot] ?? null);
    const parent = values[foreachSlot] ?? null;
    let text = '';
    for (let index = 0; index < items.length; index += 1) {
      const hasNext = index + 1 < items.length;
      values[itemSlot] = items[index] ?? null;
      values[countSlot] = index + 1;
      values[hasNextSlot] = hasNext;
      values[foreachSlot] = Object.assign(emptyMap(), {
        index,
        count: index + 1,
        hasNext,
        first: index === 0,
        last: !hasNext,
        parent,
      });
      text += body(scope);
      if (scope.left !== undefined) break;
    }
    if (scope.left === 'loop') scope.left = undefined;
    for (const [index, slot] of slots.entries()) values[slot] = before[index] ?? null;
    return text;
  };
}

/** A value that is null, as that of `1 / 0`, leaves the variable as it was (Velocity 1.7 User Guide, "Set"). */
function compileSet({ name, path }: Reference, value: Compiled, compiler: TemplateCompiler): Render {
  const last = path.at(-1);
  if (last === undefined) {
    const slot = compiler.slot(name);
    return (scope) => {
      scope.variables[slot] = value(scope) ?? scope.variables[slot] ?? null;
      return '';
    };
  }
  if (last.type === 'method') throw new TemplateSyntaxError(`#set can't assign to a method call ($${name})`);
  const container = compileLookup({ name, path: path.slice(0, -1) }, compiler);
  const key: Compiled = last.type === 'property' ? () => last.name : compileExpression(last.index, compiler);
  return (scope) => {
    const assigned = value(scope);
    if (assigned === null) return '';
    const map = container(scope);
    const at = key(scope);
    if (Array.isArray(map) && typeof at === 'number') map[at] = assigned;
    else if (isMap(map)) assign(scope, map, print(at), assigned);
    return '';
  };
}
