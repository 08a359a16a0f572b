import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { EMBEDDED_DYNAMODB } from '../../dynamodb';
import { type StoreThread, type StoreThreadOptions, startStoreThread } from '../../worker/store-thread';

const file = path.join(tmpdir(), `echo-store-${process.pid}.js`);
const opened: { store: StoreThread[]; sockets: Socket[] } = { store: [], sockets: [] };

beforeAll(() =>
  build({ entryPoints: [path.join(__dirname, 'echo-store.ts')], outfile: file, format: 'cjs', platform: 'node' }),
);

afterAll(() => rmSync(file));

afterEach(async () => {
  for (const socket of opened.sockets.splice(0)) socket.destroy();
  for (const store of opened.store.splice(0)) await store.close();
});

async function startEcho({ port = 0, ...options }: StoreThreadOptions & { port?: number } = {}): Promise<StoreThread> {
  const store = await startStoreThread({ name: 'echo', module: file, start: 'startEcho', options: { port } }, options);
  opened.store.push(store);
  return store;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  opened.sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Resolves once a connection is gone, by an end or by a reset. */
function closed(socket: Socket): Promise<void> {
  socket.on('error', () => socket.destroy());
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString();
}

describe('a store in a thread', () => {
  let failed: (error: Error) => void;
  let failure: Promise<Error>;
  beforeEach(() => {
    failure = new Promise((resolve) => (failed = resolve));
  });

  it('listens on the port that it tells', async () => {
    const store = await startEcho();

    expect(await ask(await open(store.port), 'hello')).toBe('1:hello');
  });

  it('cuts its connections and refuses new ones while it is stopped, and keeps port and data', async () => {
    const store = await startEcho();
    const socket = await open(store.port);
    await ask(socket, 'before');
    const cut = closed(socket);

    await store.stop();
    await cut;
    const refused = await open(store.port).catch((error: NodeJS.ErrnoException) => error.code);
    await store.start();
    const answer = await ask(await open(store.port), 'after');

    expect(refused).toBe('ECONNREFUSED');
    expect(answer).toBe('2:after');
  });

  it('takes connections and answers nobody while it is frozen, and answers once it is started', async () => {
    const store = await startEcho();
    const before = await open(store.port);
    await store.freeze();

    const during = await open(store.port);
    const answers = Promise.all([ask(before, 'old'), ask(during, 'new')]);
    const unanswered = await Promise.race([answers, new Promise((resolve) => setImmediate(resolve, 'unanswered'))]);
    await store.start();

    expect(unanswered).toBe('unanswered');
    expect((await answers).map((answer) => answer.slice(2))).toEqual(['old', 'new']);
  });

  it('that is stopped while frozen never carries out what was sent to it then', async () => {
    const store = await startEcho();
    const socket = await open(store.port);
    await ask(socket, 'before');
    await store.freeze();
    const cut = closed(socket);

    await new Promise((resolve) => socket.write('during', resolve));
    await store.stop();
    await cut;
    await store.start();
    const answer = await ask(await open(store.port), 'after');

    expect(answer).toBe('2:after');
  });

  it('can be frozen again, and closed while frozen', async () => {
    const store = await startEcho();
    await store.freeze();
    await store.freeze();
    await store.start();
    await store.freeze();

    await store.close();

    expect(await open(store.port).catch((error: NodeJS.ErrnoException) => error.code)).toBe('ECONNREFUSED');
  });

  it('gives its errors to the caller, with their code', async () => {
    const { port } = await startEcho();

    await expect(startEcho({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(startStoreThread({ name: 'echo', module: file, start: 'startBroken' })).rejects.toMatchObject({
      name: 'TypeError',
      message: 'no such store',
    });
    await expect(startStoreThread({ name: 'echo', module: file, start: 'startOther' })).rejects.toThrow(
      'exports no function startOther',
    );
  });

  it('tells its state, also after its thread has died and while it is made ready again', async () => {
    let during: string | undefined;
    const store: StoreThread = await startEcho({
      onFailure: failed,
      onRevived: () => Promise.resolve(void (during = store.state())),
    });
    const states = [store.state()];
    for (const action of ['freeze', 'stop', 'freeze', 'start'] as const) {
      await store[action]();
      states.push(store.state());
    }

    (await open(store.port)).write('crash');
    await failure;
    states.push(store.state());
    await store.start();

    // What is stopped refuses connections, frozen or not.
    expect(states).toEqual(['running', 'frozen', 'stopped', 'stopped', 'running', 'ended']);
    expect([during, store.state()]).toEqual(['ended', 'running']);
  });

  it('reports when its thread dies, and refuses to stop or freeze it with the cause', async () => {
    const store = await startEcho({ onFailure: failed });

    (await open(store.port)).write('crash');

    expect((await failure).message).toContain('store failed: asked to crash');
    await expect(store.stop()).rejects.toThrow('store failed: asked to crash');
    await expect(store.freeze()).rejects.toThrow('store failed: asked to crash');
  });

  it('is started again on its port once its thread has died, and made ready before that is told', async () => {
    const readied: string[] = [];
    const store = await startEcho({
      onFailure: failed,
      onRevived: async () => void readied.push(await ask(await open(store.port), 'ready')),
    });
    (await open(store.port)).write('crash');
    await failure;

    await Promise.all([store.start(), store.start()]);
    await store.start();

    expect(readied).toEqual(['1:ready']);
    expect(await ask(await open(store.port), 'again')).toBe('2:again');
  });

  it('is made ready by the next start where that failed', async () => {
    let attempts = 0;
    const store = await startEcho({
      onFailure: failed,
      onRevived: () => (++attempts === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
    });
    (await open(store.port)).write('crash');
    await failure;

    await expect(store.start()).rejects.toThrow('not yet');
    await store.start();

    expect(attempts).toBe(2);
  });

  it('finds the stores of this project by name', async () => {
    const store = await startStoreThread(EMBEDDED_DYNAMODB);
    opened.store.push(store);

    const response = await fetch(`http://127.0.0.1:${store.port}/`);

    expect(await response.text()).toContain('healthy');
  });
});
