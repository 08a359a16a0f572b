const { execFileSync } = require('node:child_process');
const path = require('node:path');

/** As for the commands: see tools/command-line.ts. The workers inherit it. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Worker threads can't run TypeScript, so the tests' threads run what `npm start` runs: dist/. */
module.exports = () => {
  execFileSync(process.execPath, [path.join(__dirname, '..', 'bin', 'compile.mjs')], { stdio: 'inherit' });
};
