import { runCommand } from '../tools/command-line';

/** `npm run store -- stop|start|freeze <store>`: starts an outage of an embedded store, and ends it. */

const ACTIONS = ['stop', 'start', 'freeze'];

async function main([action = '', store = '']: readonly string[]): Promise<void> {
  if (!ACTIONS.includes(action) || store === '') {
    throw new Error(`Usage: npm run store -- ${ACTIONS.join('|')} <store>, got "${[action, store].join(' ').trim()}"`);
  }
  const url = `http://127.0.0.1:${process.env['PORT'] || '3000'}/_local/stores/${encodeURIComponent(store)}/${action}`;
  const response = await fetch(url, { method: 'POST' }).catch((error: unknown) => {
    throw new Error(`Nothing answers at ${new URL(url).origin}: start the system by \`npm start\`, or set PORT`, {
      cause: error,
    });
  });
  const answer = (await response.json()) as { message: string };
  if (!response.ok) throw new Error(answer.message);
  console.log(answer.message);
}

runCommand(
  {
    name: 'store',
    parameters: 'stop|start|freeze STORE',
    purpose: 'Starts an outage of an embedded store of the running system, and ends it.',
  },
  main,
);
