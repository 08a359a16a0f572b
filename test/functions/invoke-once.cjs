// Invokes a bundle's handler once in a process of its own, as Lambda does in a new environment, and prints what it
// returned or threw as the last line: `node invoke-once.cjs BUNDLE EVENT`. HOST_ALIAS is a name that leads to this machine.
const dns = require('node:dns');

const [bundle, event] = process.argv.slice(2);
const { HOST_ALIAS } = process.env;
const lookup = dns.lookup;
dns.lookup = (host, ...rest) => lookup(host === HOST_ALIAS ? 'localhost' : host, ...rest);

const { handler } = require(bundle);
handler(JSON.parse(event), { awsRequestId: 'once' })
  .catch(({ name, message }) => ({ error: name, message }))
  .then((outcome) => process.stdout.write(JSON.stringify(outcome), () => process.exit()));
