import { type History, type IncrementResult, recordHistory } from '../../../compare/exactness';
import type { CounterStore } from '../../../functions/counter-store';
import { momentoClient, momentoCredentials } from '../../../functions/momento/client';
import { momentoCounterStore } from '../../../functions/momento/store';
import { type Behaviour, startCounterServer } from '../counter-server';
import { resultOf, startEmbedded, valueOf } from '../../functions/fault-matrix';
import { startFaultProxy } from '../../functions/fault-proxy';
import { type Address, loopback, type StoreName, STORES } from '../../functions/stores-under-fault';

/** A counter of any kind, as its clients see it. */
interface Counters {
  increment(id: string, max: number | undefined): Promise<IncrementResult>;
  read(id: string): Promise<number>;
}

/** Histories that were recorded where they happened, by what they were recorded on. */
export type RecordedHistories = Readonly<Record<string, readonly History[]>>;

const CLIENTS = 4;
const LIMITS = [undefined, 3, 6, 9];

/** Records short histories of a small server, written well and badly, each on a counter of its own. */
export async function recordServers(behaviours: readonly Behaviour[], each: number): Promise<RecordedHistories> {
  const server = await startCounterServer();
  const recorded: Record<string, History[]> = {};
  try {
    for (const behaviour of behaviours) {
      recorded[`a server: ${behaviour}`] = await recordMany(overHttp(`${server.url}/${behaviour}`), each);
    }
    return recorded;
  } finally {
    await server.close();
  }
}

/** Records short histories of an embedded store, through the functions' own code, while the network cuts answers off. */
export async function recordStore(name: StoreName, each: number): Promise<RecordedHistories> {
  const server = await startEmbedded(name);
  const proxy = await startFaultProxy(loopback(server.address.port));
  const address = { ...server.address, ...loopback(proxy.port) };
  const stores =
    name === 'momento'
      ? { [name]: STORES[name].open(address), ...losing(address) }
      : { [name]: STORES[name].open(address) };
  const direct = STORES[name].open(server.address);
  const recorded: Record<string, History[]> = {};
  try {
    for (const [what, store] of Object.entries(stores)) {
      proxy.set('pass');
      recorded[what] = await recordMany(ofStore(store, store), each);
      proxy.set('cut-second-answers');
      recorded[`${what}, answers cut off`] = await recordMany(ofStore(store, direct), each);
    }
    return recorded;
  } finally {
    await Promise.all([...Object.values(stores), direct].map((store) => store.close()));
    await proxy.close();
    await server.close();
  }
}

/** The strategy that loses updates. */
function losing({ host, port }: Address): Readonly<Record<string, CounterStore>> {
  const client = momentoClient(() => Promise.resolve(momentoCredentials({ host, port, tls: false })));
  const options = { cacheName: 'atomic-counter', strategy: 'set-if-not-equal' } as const;
  return { 'momento, set-if-not-equal': momentoCounterStore(client, options) };
}

async function recordMany(counters: Counters, histories: number): Promise<History[]> {
  const recorded: History[] = [];
  for (let index = 0; index < histories; index += 1) {
    recorded.push(await record(counters, `recorded-${Date.now()}-${index}`, LIMITS[index % LIMITS.length]));
  }
  return recorded;
}

/** Four clients that each increment three or four times and read between; and one who reads in the end. */
async function record({ increment, read }: Counters, id: string, max: number | undefined): Promise<History> {
  const recorder = recordHistory();
  const look = (client: number): Promise<unknown> => recorder.read(client, () => read(id)).catch(() => undefined);
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      for (let call = 0; call < 4; call += 1) {
        if (call === client) await look(client);
        else await recorder.increment(client, () => increment(id, max), { max });
      }
    }),
  );
  await look(CLIENTS);
  return recorder.history();
}

function ofStore(store: CounterStore, direct: CounterStore): Counters {
  return {
    increment: (id, max) => resultOf(store.increment(id, max === undefined ? {} : { max: String(max) })),
    read: (id) => valueOf(direct, id),
  };
}

function overHttp(url: string): Counters {
  const ask = async (method: string, id: string, query = ''): Promise<{ status: number; counter: number }> => {
    const response = await fetch(`${url}/${id}${query}`, { method });
    return { status: response.status, ...((await response.json()) as { counter: number }) };
  };
  return {
    async increment(id, max) {
      const answer = await ask('POST', id, max === undefined ? '' : `?max=${max}`).catch(() => undefined);
      if (answer === undefined) return { status: 'unknown' };
      return { status: answer.status === 409 ? 'limit-reached' : 'incremented', counter: answer.counter };
    },
    read: async (id) => (await ask('GET', id)).counter,
  };
}
