import type { ColdStart } from '../../compare/report';
import type { System } from './systems';

/**
 * Times the first two calls of each store on a system that has just started: the first begins the function's environment,
 * fetches the secret and connects.
 *
 * @throws Error when a call isn't answered 200
 */
export async function measureColdStarts(system: System, stores: readonly string[]): Promise<ColdStart[]> {
  const measured: ColdStart[] = [];
  await call(system, stores[0] ?? '', 'GET'); // what the process itself loads at its first request is no cold start
  for (const store of stores) {
    const firstCallMs = await call(system, store);
    measured.push({ store, firstCallMs, secondCallMs: await call(system, store) });
  }
  return measured;
}

async function call({ url, apiKey }: System, store: string, method = 'POST'): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${url}/${store}/cold-start`, { method, headers: { 'x-api-key': apiKey } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`the first call of ${store} was answered ${response.status}: ${text}`);
  return performance.now() - began;
}
