const { execFileSync } = require('node:child_process');
const { mkdirSync, mkdtempSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');

/** As for the commands: see tools/command-line.ts. The workers inherit it. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

module.exports = () => {
  // Worker threads can't run TypeScript, so the tests' threads run what `npm start` runs: dist/.
  execFileSync(process.execPath, [path.join(root, 'bin', 'compile.mjs')], { stdio: 'inherit' });
  // The assemblies that this run shares are synthesized from the sources as they are now, each when a test asks for it.
  mkdirSync(path.join(root, 'cdk.out.test'), { recursive: true });
  process.env.TEST_ASSEMBLIES = mkdtempSync(path.join(root, 'cdk.out.test', 'run-'));
};
