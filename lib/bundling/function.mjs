/**
 * What Lambda loads, beside the bundle. It awaits an ECMAScript module whole, within the phase INIT; of CommonJS it would
 * freeze what goes on after `require`, until an invocation.
 * Source: https://aws.amazon.com/blogs/compute/using-node-js-es-modules-and-top-level-await-in-aws-lambda/
 */
import { createRequire } from 'node:module';

// An `import` would search the bundle for names of exports first: 3 to 11 ms in Node 24, more than 100 in Node 20.
const { handler, connectAhead } = createRequire(import.meta.url)('./index.js');

await connectAhead?.();

export { handler };
