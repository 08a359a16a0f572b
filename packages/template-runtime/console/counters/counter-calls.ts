import { ApiProblem } from '../http/answers';
import type { ExecutionIndex } from '../executions/execution-index';
import type { ReadAnswer, ReadBody, SystemAnswer } from '../shapes';

/** A method of the template's API. */
export interface ApiMethod {
  readonly method: string;
  /** With the path's parameters in braces. */
  readonly url: string;
  readonly needsKey: boolean;
}

/** How a client of the template's API calls counters. */
export interface CounterCalls {
  readonly calls: SystemAnswer['calls'];
  readonly canRead: boolean;
  /** @throws ApiProblem where the API starts no execution for it */
  read(body: ReadBody, index: ExecutionIndex): Promise<ReadAnswer>;
}

/**
 * Finds the calls of counters among the methods of an API: those whose path takes `store` and `id`, as the inputs of their
 * executions do. A GET of them reads; it is called as any client would, so that it counts, is limited and is logged alike.
 */
export function counterCalls(methods: readonly ApiMethod[], apiKey: string): CounterCalls {
  const ofCounters = methods.filter(({ method, url }) => method !== 'OPTIONS' && parametersOf(url) === 'id,store');
  const reading = ofCounters.find(({ method }) => method === 'GET');
  const keyOf = ({ needsKey }: ApiMethod): Record<string, string> => (needsKey ? { 'x-api-key': apiKey } : {});
  return {
    calls: ofCounters.map((call) => {
      const [header] = Object.entries(keyOf(call)).map((pair) => pair.join(': '));
      return { method: call.method, url: call.url, ...(header !== undefined && { header }) };
    }),
    canRead: reading !== undefined,
    async read({ store, id }, index) {
      if (!reading) throw new ApiProblem(404, 'The API of this template has no GET with {store} and {id}');
      const url = reading.url.replace('{store}', encodeURIComponent(store)).replace('{id}', encodeURIComponent(id));
      const response = await fetch(url, { headers: keyOf(reading) });
      const text = await response.text();
      const executionArn = response.headers.get('x-execution-arn') ?? '';
      const entry = index.get(executionArn);
      if (!entry) throw new ApiProblem(502, `The API answered ${response.status}: ${text.slice(0, 200).trim()}`);
      const { kind, outcome } = entry;
      const row = index.counters.get(store, id);
      return { executionArn, kind, ...(outcome !== undefined && { outcome }), ...(row && { row }) };
    },
  };
}

function parametersOf(url: string): string {
  return Array.from(url.matchAll(/\{([^}]+)\}/g), ([, name]) => name)
    .sort()
    .join();
}
