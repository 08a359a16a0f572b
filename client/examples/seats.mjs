// Takes four seats of 500, or as many as are left: COUNTER_API_URL=… COUNTER_API_KEY=… node seats.mjs
import { counterClient } from 'atomic-counter-client';

const counters = counterClient({ url: process.env.COUNTER_API_URL, apiKey: process.env.COUNTER_API_KEY });

let result = await counters.increment('dynamo', 'votes', { max: 500, by: 4 });
while (result.outcome === 'limit-reached' && result.remaining > 0) {
  result = await counters.increment('dynamo', 'votes', { max: 500, by: result.remaining }); // others may be faster
}
if (result.outcome === 'incremented' || result.outcome === 'replayed') {
  console.log(`Seats ${result.counter - result.by + 1} to ${result.counter}`);
} else {
  console.log(result.error);
}
