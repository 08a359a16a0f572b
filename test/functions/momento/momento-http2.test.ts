import { setImmediate } from 'node:timers/promises';
import {
  type CounterStore,
  NotAppliedError,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../../functions/counter-store';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startMomento } from 'stand-ins/momento';
import { errorOf } from '../../counter-store.contract';
import { valueOf } from '../fault-matrix';
import { loopback, STORES } from '../stores-under-fault';
import { type Http2Answer, type Http2Fault, HTTP2_FAULTS, type Http2Front, startHttp2Front } from './http2-front';

const MODES = [
  ['unconditional', {}],
  ['conditional', { max: '1000' }],
] as const;

let server: EmbeddedStore;
let front: Http2Front;
let store: CounterStore;
let direct: CounterStore;
let lastId = 0;
const newId = (): string => `front-${(lastId += 1)}`;

beforeAll(async () => {
  server = await startMomento();
  direct = STORES.momento.open(loopback(server.port));
  await valueOf(direct, newId()); // the first calls load the SDK, which may take too long
});

beforeEach(async () => {
  front = await startHttp2Front(loopback(server.port));
  store = STORES.momento.open(loopback(front.port));
});

afterEach(async () => {
  await store.close();
  await front.close();
});

afterAll(async () => {
  await direct.close();
  await server.close();
});

const FAULTS = Object.keys(HTTP2_FAULTS) as Http2Fault[];

describe.each(MODES)('an %s increment that Momento applied', (_mode, options) => {
  it.each(FAULTS)('is unknown and counted once when its answer is %s', async (fault) => {
    const id = newId();
    await store.increment(id, options);
    front.set(fault);

    const error = await errorOf(store.increment(id, options));
    front.set('pass');
    const value = await direct.read(id);
    const next = await store.increment(id, options);

    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect([value, next]).toEqual([2, { status: 'incremented', counter: 3 }]);
  });
});

describe('an increment that the server refused before it was processed', () => {
  it('is unknown, since only its proxy says so, and gRPC does not repeat it', async () => {
    const id = newId();
    await store.increment(id);
    front.set('refused unforwarded');
    const before = front.writes;

    const error = await errorOf(store.increment(id));
    const attempts = front.writes - before;
    const value = await direct.read(id);

    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect([attempts, value]).toEqual([1, 1]);
  });
});

describe.each(MODES)('an %s increment that could not be sent', (_mode, options) => {
  it('is unavailable, and nothing is written', async () => {
    const id = newId();
    await store.increment(id, options);
    const gone = await startHttp2Front(loopback(server.port));
    const orphan = STORES.momento.open(loopback(gone.port));
    await orphan.increment(id, options);
    await gone.close();
    for (let turn = 0; turn < 5; turn += 1) await setImmediate(); // the client learns of it

    const error = await errorOf(orphan.increment(id, options));
    const value = await direct.read(id);

    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(value).toBe(2);
    await orphan.close();
  });
});

describe('an increment that Momento itself refused', () => {
  it.each<[why: string, answer: Http2Answer, error: typeof NotAppliedError | typeof StoreUnavailableError]>([
    [
      'by the limit of its account',
      'refusal RESOURCE_EXHAUSTED with err operations_rate_limit_exceeded',
      NotAppliedError,
    ],
    ['as busy, and not executed', 'refusal UNAVAILABLE with err server_is_busy, retryable', NotAppliedError],
    ['for its key', 'refusal UNAUTHENTICATED with err', StoreUnavailableError],
    ['for its permissions', 'refusal PERMISSION_DENIED with err', StoreUnavailableError],
    ['for its cache', 'refusal NOT_FOUND with err', StoreUnavailableError],
    ['for its arguments', 'refusal INVALID_ARGUMENT with err', StoreUnavailableError],
    ['for the item, with err', 'refusal FAILED_PRECONDITION with err', StoreUnavailableError],
    ['for the item, in its words', "refusal FAILED_PRECONDITION in Momento's words", StoreUnavailableError],
  ])('%s is not applied, and its connection is kept', async (_why, answer, expected) => {
    const id = newId();
    await store.increment(id);
    front.set(answer);

    const error = await errorOf(store.increment(id));
    front.set('pass');
    const next = await store.increment(id);

    expect(error).toBeInstanceOf(expected);
    expect(next).toEqual({ status: 'incremented', counter: 2 });
    expect(front.connections).toBe(1);
  });
});
