// Counts EventBridge's events, each once: a delivery that is repeated within the window brings the same id.
import { counterClient } from 'atomic-counter-client';

const counters = counterClient({ url: process.env.COUNTER_API_URL, apiKey: process.env.COUNTER_API_KEY });

export async function handler(event, context) {
  const deadlineMs = Math.min(30_000, context.getRemainingTimeInMillis() - 1_000);
  const result = await counters.increment('dynamo', 'orders', { idempotencyKey: event.id, deadlineMs });
  if (result.outcome === 'unknown' || result.outcome === 'not-applied') throw new Error(result.error); // deliver it again
  return result;
}
