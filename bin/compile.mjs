// Transpiles the project's TypeScript file by file into dist/, so that the CDK app, the laptop runtime and its worker
// threads run as plain JavaScript. Types are checked by `npm run typecheck`; this step only has to be quick.
import { existsSync, readFileSync } from 'node:fs';
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

const { build, context } = await import('esbuild');
const options = {
  absWorkingDir: root,
  entryPoints: ['bin', 'lib', 'functions', 'local', 'compare']
    .filter((folder) => existsSync(path.join(root, folder)))
    .map((folder) => `${folder}/**/*.ts`),
  outdir: 'dist',
  outbase: '.',
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  logLevel: 'warning',
};

if (process.argv.includes('--watch')) {
  const watching = await context({ ...options, logLevel: 'info' });
  await watching.watch();
} else {
  await build(options);
}
