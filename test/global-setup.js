const { execFileSync } = require('node:child_process');
const path = require('node:path');

/** Worker threads can't run TypeScript, so the tests' threads run what `npm start` runs: dist/. */
module.exports = () => {
  execFileSync(process.execPath, [path.join(__dirname, '..', 'bin', 'compile.mjs')], { stdio: 'inherit' });
};
