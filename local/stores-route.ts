import { foreignPage, type Route, sendJson } from 'template-runtime/http';
import type { OpenStore, OpenStores } from './open-stores';

const ACTIONS = {
  stop: { run: (store: OpenStore) => store.stop(), done: 'is stopped: connections are refused' },
  start: { run: (store: OpenStore) => store.start(), done: 'is running' },
  freeze: { run: (store: OpenStore) => store.freeze(), done: 'is frozen: it accepts connections and never answers' },
} as const;

export const STORES_PATH = '/_local/stores';

/**
 * `GET /_local/stores`: the stores' addresses and states. `POST /_local/stores/{store}/{stop|start|freeze}`: starts and ends an
 * outage of an embedded store, but not for a web page of another origin.
 */
export function storesRoute(stores: OpenStores): Route {
  return (request, response) => {
    if (request.method === 'GET' && request.url === STORES_PATH) {
      sendJson(response, 200, statesOf(stores));
      return Promise.resolve();
    }
    const [, name = '', actionName = ''] = /^\/_local\/stores\/([^/]+)\/([^/]+)$/.exec(request.url ?? '') ?? [];
    if (request.method !== 'POST' || name === '') return undefined;
    const refusal = foreignPage(request);
    if (refusal !== undefined) {
      sendJson(response, 403, { message: refusal });
      return Promise.resolve();
    }
    const store = stores[name];
    if (!store) {
      sendJson(response, 404, { message: `store must be one of ${Object.keys(stores).join(', ')}, got "${name}"` });
      return Promise.resolve();
    }
    if (!(actionName in ACTIONS)) {
      sendJson(response, 404, {
        message: `action must be one of ${Object.keys(ACTIONS).join(', ')}, got "${actionName}"`,
      });
      return Promise.resolve();
    }
    if (!store.embedded) {
      sendJson(response, 409, { message: `${name} is a server of your own: stop and start it yourself` });
      return Promise.resolve();
    }
    const { run, done } = ACTIONS[actionName as keyof typeof ACTIONS];
    return run(store).then(
      () => sendJson(response, 200, { message: `${name} ${done}` }),
      (error: unknown) => sendJson(response, 500, { message: error instanceof Error ? error.message : String(error) }),
    );
  };
}

/** What the route tells of a store. */
export interface StoreReport {
  readonly host: string;
  readonly port: number;
  readonly embedded: boolean;
  /** Absent for a server of the user. */
  readonly state?: ReturnType<OpenStore['state']>;
}

/** Without credentials: a URL may hold some. */
function statesOf(stores: OpenStores): Record<string, StoreReport> {
  return Object.fromEntries(
    Object.entries(stores).map(([name, { address, embedded, state }]) => {
      const { host, port } = address;
      const current = state();
      return [name, { host, port, embedded, ...(current !== undefined && { state: current }) }];
    }),
  );
}
