// COUNTER_API_URL=http://127.0.0.1:3000/prod COUNTER_API_KEY=local-development-key node node.mjs
import { counterClient } from 'atomic-counter-client';

const counters = counterClient({ url: process.env.COUNTER_API_URL, apiKey: process.env.COUNTER_API_KEY });

const result = await counters.increment('dynamo', 'votes');
switch (result.outcome) {
  case 'incremented':
  case 'replayed': // counted as well: by an attempt whose answer was lost
    console.log(`Counted: ${result.counter}`);
    break;
  case 'unknown':
    console.log(`Perhaps counted: ${result.error}`);
    break;
  default:
    console.log(`Not counted: ${result.error}`);
}
