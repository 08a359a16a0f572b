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
  const gate = { isOpen: Promise.resolve(), open: (): void => undefined };
  const stall = (): void => {
    gate.isOpen = new Promise((resolve) => (gate.open = resolve));
  };
  const shared = sharedClient<TestClient>({
    ...limits,
    connect: async () => {
      await setImmediate();
      await gate.isOpen;
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
  return { shared, use, clients, ended, clock, failures, server: { stall, answer: () => gate.open() } };
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

describe('a client that is connected ahead', () => {
  const PATIENCE_MS = 10;

  it('is there for the first call', async () => {
    const { shared, use, clients } = startClients();

    await shared.connectAhead(60_000);
    const ahead = clients.length;
    const number = await use();

    expect([ahead, number, clients.length]).toEqual([1, 1, 1]);
  });

  it('is shared with calls that come meanwhile', async () => {
    const { shared, use, clients } = startClients();

    const [, ...numbers] = await Promise.all([shared.connectAhead(60_000), use(), use()]);

    expect(numbers).toEqual([1, 1]);
    expect(clients).toHaveLength(1);
  });

  it('is not connected twice', async () => {
    const { shared, use, clients, ended } = startClients();
    await use();

    await shared.connectAhead(60_000);

    expect([clients.length, ended]).toEqual([1, []]);
  });

  it('is connected by the first call where it could not be', async () => {
    const { shared, use, failures } = startClients();
    failures.push(new Error('refused'));

    await shared.connectAhead(60_000);

    expect(await use()).toBe(1);
  });

  it('is waited for with patience only, and then shared by the first call', async () => {
    const { shared, use, clients, clock, server } = startClients();
    server.stall();
    await shared.connectAhead(PATIENCE_MS);
    const ahead = clients.length;
    clock.ms = 2 * PATIENCE_MS;

    const call = use();
    server.answer();

    expect([ahead, await call, clients.length]).toEqual([0, 1, 1]);
  });

  it('stays shared once a call waits for it', async () => {
    const { shared, use, clients, clock, server } = startClients();
    server.stall();
    await shared.connectAhead(PATIENCE_MS);
    const first = use();
    clock.ms = 1000;

    const second = use();
    server.answer();

    expect(await Promise.all([first, second])).toEqual([1, 1]);
    expect(clients).toHaveLength(1);
  });

  it('is not waited for by a call that comes after a freeze, and is ended when it arrives', async () => {
    const { shared, use, ended, clock, server } = startClients();
    server.stall();
    await shared.connectAhead(PATIENCE_MS);
    clock.ms = 2 * PATIENCE_MS + 1;

    const call = use();
    server.answer();

    expect(await call).toBe(2);
    expect(ended).toEqual([1]);
    expect(await use()).toBe(2);
  });

  it('is ended when it arrives after a freeze, before any call', async () => {
    const { shared, use, ended, clock, server } = startClients();
    server.stall();
    await shared.connectAhead(PATIENCE_MS);
    clock.ms = 2 * PATIENCE_MS + 1;
    server.answer();
    await setImmediate();

    const number = await use();

    expect([number, ended]).toEqual([2, [1]]);
  });

  it('may fail after a freeze, without a trace', async () => {
    const { shared, use, ended, clock, failures, server } = startClients();
    failures.push(new Error('reset'));
    server.stall();
    await shared.connectAhead(PATIENCE_MS);
    clock.ms = 2 * PATIENCE_MS + 1;

    const call = use();
    server.answer();

    expect([await call, ended]).toEqual([1, []]);
  });

  it('is replaced where the environment was frozen before the first call', async () => {
    const { shared, use, ended, clock } = startClients({ maxIdleMs: 1000 });
    await shared.connectAhead(PATIENCE_MS);
    clock.ms = 1001;

    const number = await use();

    expect([number, ended]).toEqual([2, [1]]);
  });

  it('is ended by a close that comes meanwhile', async () => {
    const { shared, ended, server } = startClients();
    server.stall();
    await shared.connectAhead(PATIENCE_MS);

    const closed = shared.close();
    server.answer();
    await closed;

    expect(ended).toEqual([1]);
  });
});
