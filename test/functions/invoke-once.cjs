// Invokes a store's increment once in a process of its own, as Lambda does in a new environment, and prints what it
// returned or threw as the last line: `node invoke-once.cjs STORE EVENT`. HOST_ALIAS is a name that leads to this machine.
const dns = require('node:dns');
const path = require('node:path');

const [store, event] = process.argv.slice(2);
const { HOST_ALIAS } = process.env;
const lookup = dns.lookup;
dns.lookup = (host, ...rest) => lookup(host === HOST_ALIAS ? 'localhost' : host, ...rest);

const { handler } = require(path.join(__dirname, '../../dist/functions', store, 'handler.js'));
handler(JSON.parse(event), { awsRequestId: 'once' })
  .catch(({ name, message }) => ({ error: name, message }))
  .then((outcome) => process.stdout.write(JSON.stringify(outcome), () => process.exit()));
