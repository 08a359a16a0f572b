import { setImmediate } from 'node:timers/promises';
import { sharedClient } from '../../functions/shared-client';
import { errorOf } from '../counter-store.contract';

interface TestClient {
  readonly number: number;
  isUsable: boolean;
}

/** Clients that are numbered as they are made, and a list of those that were ended. */
function startClients(limits: { maxIdleMs?: number; maxAgeMs?: number } = {}) {
  const clients: TestClient[] = [];
  const ended: number[] = [];
  const clock = { ms: 0 };
  const failures: Error[] = [];
  const shared = sharedClient<TestClient>({
    ...limits,
    connect: async () => {
      await setImmediate();
      const failure = failures.shift();
      if (failure) throw failure;
      const client = { number: clients.length + 1, isUsable: true };
      clients.push(client);
      return client;
    },
    end: ({ number }) => void ended.push(number),
    isUsable: ({ isUsable }) => isUsable,
    now: () => clock.ms,
  });
  const use = (): Promise<number> => shared.use(({ number }) => Promise.resolve(number));
  return { shared, use, clients, ended, clock, failures };
}

/** A call that lasts until it is let go. */
function startCall(shared: ReturnType<typeof startClients>['shared']) {
  let finish: () => void = () => undefined;
  let begun: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  const done = shared.use(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
        begun();
      }),
  );
  return { done, hasBegun, finish: () => finish() };
}

describe('a client that calls share', () => {
  it('connects once for calls at the same time and after each other', async () => {
    const { use, clients } = startClients();

    const numbers = [...(await Promise.all([use(), use(), use()])), await use()];

    expect(numbers).toEqual([1, 1, 1, 1]);
    expect(clients).toHaveLength(1);
  });

  it('rejects all waiting calls of a failed attempt, and forgets it', async () => {
    const { use, failures } = startClients();
    failures.push(new Error('refused'));

    const errors = await Promise.all([errorOf(use()), errorOf(use())]);
    const number = await use();

    expect(errors).toEqual([new Error('refused'), new Error('refused')]);
    expect(number).toBe(1);
  });

  it('replaces a client that idled longer than the limit, and ends it', async () => {
    const { use, clock, ended } = startClients({ maxIdleMs: 1000 });
    await use();
    clock.ms = 1000;
    const atTheLimit = await use();
    clock.ms = 2001;

    const beyond = await use();

    expect([atTheLimit, beyond]).toEqual([1, 2]);
    expect(ended).toEqual([1]);
  });

  it('does not call a client idle while a call runs on it', async () => {
    const { shared, use, clock } = startClients({ maxIdleMs: 1000 });
    const call = startCall(shared);
    await call.hasBegun;
    clock.ms = 5000;

    const number = await use();

    expect(number).toBe(1);
    call.finish();
    await call.done;
  });

  it('replaces an old client, and ends it after its running calls', async () => {
    const { shared, use, clock, ended } = startClients({ maxAgeMs: 1000 });
    const call = startCall(shared);
    await call.hasBegun;
    clock.ms = 1001;

    const number = await use();
    const endedMeanwhile = [...ended];
    call.finish();
    await call.done;

    expect(number).toBe(2);
    expect([endedMeanwhile, ended]).toEqual([[], [1]]);
  });

  it('replaces a client that can send no more', async () => {
    const { use, clients } = startClients();
    await use();
    for (const client of clients) client.isUsable = false;

    const number = await use();

    expect(number).toBe(2);
  });

  it('connects anew after a client was given up, and ends that once', async () => {
    const { shared, use, clients, ended } = startClients();
    const calls = [startCall(shared), startCall(shared)];
    for (const { hasBegun } of calls) await hasBegun;
    const [first] = clients;
    if (first) for (let time = 0; time < 2; time += 1) shared.retire(first);
    for (const { finish } of calls) finish();
    for (const { done } of calls) await done;

    const number = await use();

    expect(number).toBe(2);
    expect(ended).toEqual([1]);
  });

  it('ends what is connected or connecting when it is closed', async () => {
    const connected = startClients();
    await connected.use();
    const connecting = startClients();
    const call = connecting.use();

    await Promise.all([connected.shared.close(), connecting.shared.close(), startClients().shared.close()]);

    await call;
    expect([connected.ended, connecting.ended]).toEqual([[1], [1]]);
  });
});
