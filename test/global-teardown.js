const { rmSync } = require('node:fs');

module.exports = () => rmSync(process.env.TEST_ASSEMBLIES, { recursive: true, force: true });
