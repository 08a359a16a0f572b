// Transpiles the TypeScript of the project and of its packages file by file, each into its own dist/, so that the CDK
// app, the laptop runtime and its worker threads run as plain JavaScript. `npm run typecheck` checks the types; this
// step only has to be fast.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const [major, minor] = process.versions.node.split('.').map(Number);
const [neededMajor, neededMinor] = engines.node.replace('>=', '').split('.').map(Number);
if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  console.error(`atomic-counter needs Node ${engines.node}, this is ${process.versions.node}: install a newer Node.`);
  process.exit(1);
}

/**
 * esbuild exports each name by two getters, which V8 can't see through: every call of an imported function would go through
 * both. Once a module has run, its exports are plain values; who is in a circle with it has the getters, which give the same.
 */
const plainExports = "module.exports = Object.defineProperty({ ...module.exports }, '__esModule', { value: true });";

const { build, context } = await import('esbuild');
const common = {
  absWorkingDir: root,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  footer: { js: plainExports },
  sourcemap: 'linked',
  logLevel: 'warning',
};
const app = {
  ...common,
  entryPoints: [
    ...['bin', 'lib', 'functions', 'local', 'compare', 'client/src', 'tools'].map((folder) => `${folder}/**/*.ts`),
    'functions/**/*.json',
  ],
  loader: { '.json': 'copy' },
  outdir: 'dist',
  outbase: '.',
};
const packages = readdirSync(path.join(root, 'packages')).map((name) => ({
  ...common,
  entryPoints: globSources(`packages/${name}`),
  outdir: `packages/${name}/dist`,
  outbase: `packages/${name}`,
}));

function globSources(folder) {
  return readdirSync(path.join(root, folder), { recursive: true })
    .filter((file) => /\.ts$/.test(file) && !/\.d\.ts$|^(test|dist|node_modules)\b/.test(file))
    .map((file) => path.join(folder, file));
}

/** Replaces a file whose contents differ, at once: another start may be loading it. */
function writeChanged({ path: file, contents }) {
  if (existsSync(file) && readFileSync(file).equals(contents)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, contents);
  renameSync(`${file}.${process.pid}`, file);
}

if (process.argv.includes('--watch')) {
  for (const options of [app, ...packages]) await (await context({ ...options, logLevel: 'info' })).watch();
} else {
  const builds = await Promise.all([app, ...packages].map((options) => build({ ...options, write: false })));
  for (const { outputFiles } of builds) outputFiles.forEach(writeChanged);
}
