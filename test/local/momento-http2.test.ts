import type { CounterStore } from '../../functions/counter-store';
import { type Local, startLocal } from '../../local/main';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startMomento } from 'stand-ins/momento';
import { HTTP2_FAULTS, type Http2Fault, type Http2Front, startHttp2Front } from '../functions/momento/http2-front';
import { loopback, STORES } from '../functions/stores-under-fault';
import { apiClient } from './api-client';
import { assembly } from './assembly';

/** The whole system over HTTP, from the bundled function to a Momento behind a failing proxy. */
describe('POST /momento/{id} that Momento applied', () => {
  let server: EmbeddedStore;
  let front: Http2Front;
  let direct: CounterStore;
  let local: Local;
  let api: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    server = await startMomento();
    front = await startHttp2Front(loopback(server.port));
    direct = STORES.momento.open(loopback(server.port));
    local = await startLocal({
      assembly: await assembly('unconditional'),
      storeUrls: { MOMENTO_URL: `momento://127.0.0.1:${front.port}` },
    });
    api = apiClient(local);
  }, 120_000);

  afterAll(async () => {
    api.close();
    await local.close();
    await direct.close();
    await front.close();
    await server.close();
  });

  it.each(Object.keys(HTTP2_FAULTS) as Http2Fault[])('is 504 and counted once when the answer is %s', async (fault) => {
    const id = `fault-${Object.keys(HTTP2_FAULTS).indexOf(fault)}`;
    await direct.increment(id);
    front.set('pass');
    await api.post(`momento/${id}-before`); // on a connection that a fault before may have ended
    front.set(fault);

    const answer = await api.post(`momento/${id}`);
    const counted = await direct.read(id);

    expect([answer.status, counted]).toEqual([504, 2]);
  });
});
