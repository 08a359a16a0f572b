/**
 * Bundles functions in a thread of its own: esbuild accepts plugins only in its asynchronous API, and CDK needs an asset
 * synchronously. `lib/bundling/function-bundle.ts` starts it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { workerData } from 'node:worker_threads';
import { build, transformSync } from 'esbuild';

/**
 * Stands for anything of a module that was left out. It may be read, passed on and extended, as modules do while they
 * load; using it throws, and is recorded for the tests.
 */
const LEFT_OUT = `
const reached = (globalThis.leftOutModules ??= new Set());
module.exports = (name) => {
  const fail = () => {
    reached.add(name);
    throw new Error(name + ' is left out of this bundle: see lib/bundling/lean-modules.ts');
  };
  const get = (target, key) => (typeof key === 'symbol' || key === 'prototype' ? target[key] : fail());
  return new Proxy(function () {}, { apply: fail, construct: fail, get, ownKeys: fail });
};`;

/** For each kind of rule, what it makes of a module's text. */
const TRANSFORMATIONS = {
  // An ECMAScript import copies a module's own properties, none here, and looks up the rest in the prototype.
  leftOut: (_source, _rule, name) => `
    const leftOut = require('left-out')(${JSON.stringify(name)});
    const get = (_, key) => (typeof key === 'symbol' || key === '__esModule' ? undefined : leftOut);
    const prototype = new Proxy(Object.create(null), { get });
    module.exports = new Proxy({}, { get, getPrototypeOf: () => prototype });`,
  lazy: (_source, _rule, name) =>
    `module.exports = new Proxy({}, { get: (_, key) => require(${JSON.stringify(`${name}?loaded`)})[key] });`,
  replaced: (_source, contents) => contents,
  keys: (source, keys, name) => {
    const all = JSON.parse(source);
    requireAll(keys, new Set(Object.keys(all)), name);
    return `module.exports = ${JSON.stringify(Object.fromEntries(keys.map((key) => [key, all[key]])))}`;
  },
  constants: (source, constants, name) => {
    const found = new Set();
    const lean = source.replace(CONSTANT, (text, byName, byNumber) => {
      found.add(byName ?? byNumber);
      return constants.includes(byName ?? byNumber) ? text : '';
    });
    requireAll(constants, found, name);
    return lean;
  },
  exports: (source, exports, name) => {
    const found = new Set();
    const lean = source.replace(ALL_UNDEFINED, '').replace(EXPORT, (text, defined, assigned) => {
      const exported = defined ?? assigned;
      found.add(exported);
      return exports.includes(exported) ? text : '';
    });
    requireAll(exports, found, name);
    const imported = lean.replace(IMPORT, (text, variable) =>
      lean.split(new RegExp(`\\b${variable}\\b`)).length > 2 ? text : '',
    );
    const left = [...found].filter((exported) => !exports.includes(exported));
    return `${imported}
      for (const key of ${JSON.stringify(left)}) exports[key] = require('left-out')(${JSON.stringify(name)} + ' ' + key);`;
  },
  without: (source, names, name) => {
    const found = new Set();
    const lean = transformSync(source).code.replace(STATEMENT, (text) => {
      const defined = names.find((left) => text.startsWith(left) && !/^\w/.test(text.slice(left.length)));
      if (defined === undefined) return text;
      const isFirst = !found.has(defined);
      found.add(defined);
      return isFirst && DOTTED.test(defined)
        ? `${defined} = require('left-out')(${JSON.stringify(`${name} ${defined}`)});\n`
        : '';
    });
    requireAll(names, found, name);
    return lean;
  },
  messages: (source, messages, name) => {
    const found = new Set();
    const lean = source.replace(MESSAGE, (text, message) => {
      found.add(message);
      if (messages.includes(message)) return text;
      return `    let ${message} = require('left-out')(${JSON.stringify(`${name} ${message}`)});`;
    });
    requireAll(messages, found, name);
    return lean.replace(NESTED, (text, message) => (messages.includes(message) ? text : ''));
  },
};

/** A constant by its name, or its name by its value. */
const CONSTANT = /^exports(?:\.(\w+) = \d+|\[\d+\] = '(\w+)');$/gm;

/**
 * What TypeScript emits for `export … from`: all names undefined first, each name by a getter or a value, the imports.
 */
const ALL_UNDEFINED = /^exports\.\w+ = .*= void 0;$/gm;
const EXPORT = /^(?:Object\.defineProperty\(exports, "(?!__esModule)(\w+)", .*\);|exports\.(\w+) = \w+;)$/gm;
const IMPORT = /^(?:const|var) (\w+) = require\(.*\);$/gm;

/**
 * A statement of a file, as esbuild prints it: anything nested is indented. And a name, as opposed to an expression.
 */
const STATEMENT = /^[^\s})\]].*\n(?:[\s})\]].*\n)*/gm;
const DOTTED = /^[\w.]+$/;

/** A message class of generated code, and the block of a message's nested types. */
const MESSAGE = /^ {4}class (\w+) extends pb_1\.Message \{$[^]*?^ {4}\}$/gm;
const NESTED = /^ {4}\(function \((_\w+)\) \{$[^]*?^ {4}\}\)\(\1 = .*$/gm;

function requireAll(names, found, module) {
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`${module} has no ${missing.join(', ')}: see lib/bundling/lean-modules.ts`);
}

/** A rule for all modules whose names have this prefix. */
const isBeginning = (name) => /[/-]$/.test(name);

function isThere(file) {
  if (!file.endsWith('-')) return existsSync(file);
  return readdirSync(path.dirname(file)).some((name) => name.startsWith(path.basename(file)));
}

/** @param modules rules by module, as in `lib/bundling/lean-modules.ts` */
function leanModules(modules, root) {
  const folder = path.join(root, 'node_modules');
  const names = Object.keys(modules);
  for (const name of names) {
    if (!isThere(path.join(folder, name)))
      throw new Error(`${name} no longer exists: see lib/bundling/lean-modules.ts`);
  }
  return {
    name: 'lean-modules',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^left-out$/ }, () => ({ path: 'left-out', namespace: 'left-out' }));
      onLoad({ filter: /^left-out$/, namespace: 'left-out' }, () => ({ contents: LEFT_OUT }));
      onResolve({ filter: /\?loaded$/ }, ({ path: name }) => ({
        path: path.join(folder, name.slice(0, -'?loaded'.length)),
        suffix: '?loaded',
      }));
      onLoad({ filter: /node_modules/ }, ({ path: file, suffix }) => {
        if (suffix === '?loaded' || !file.startsWith(folder)) return undefined;
        const name = path.relative(folder, file).replaceAll(path.sep, '/');
        const rule = names.find((ruled) => (isBeginning(ruled) ? name.startsWith(ruled) : name === ruled));
        if (rule === undefined) return undefined;
        const [[kind, value]] = Object.entries(modules[rule]);
        return {
          contents: TRANSFORMATIONS[kind](readFileSync(file, 'utf8'), value, name),
          resolveDir: path.dirname(file),
        };
      });
    },
  };
}

const { options, modules, port, done } = workerData;
try {
  const { outputFiles } = await build({ ...options, plugins: [leanModules(modules, options.absWorkingDir)] });
  port.postMessage({ bundles: new Map(outputFiles.map(({ path: file, contents }) => [file, contents])) });
} catch (error) {
  port.postMessage({ failure: error.message });
}
Atomics.store(done, 0, 1);
Atomics.notify(done, 0);
