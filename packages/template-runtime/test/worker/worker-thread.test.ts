import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Clock } from '../../clock';
import { ThreadExit, type ThreadOptions, ThreadTimeout, WorkerThread } from '../../worker/worker-thread';
import type { EchoProtocol } from './echo-thread';

const file = path.join(tmpdir(), `echo-thread-${process.pid}.js`);

beforeAll(() =>
  build({
    entryPoints: [path.join(__dirname, 'echo-thread.ts')],
    outfile: file,
    bundle: true,
    format: 'cjs',
    platform: 'node',
  }),
);

afterAll(() => rmSync(file));

describe('a thread', () => {
  const started: WorkerThread<EchoProtocol>[] = [];

  afterEach(() => Promise.all(started.splice(0).map((thread) => thread.terminate())));

  const start = ({
    greeting = 'hello',
    ...options
  }: Partial<ThreadOptions<EchoProtocol>> & { greeting?: string } = {}) => {
    const thread = new WorkerThread<EchoProtocol>(file, { data: { greeting }, ...options });
    started.push(thread);
    return thread;
  };

  it('tells what its start gives', async () => {
    expect(await start({ greeting: 'good morning' }).ready).toBe('good morning');
  });

  it('answers the calls that were made before it was ready, too', async () => {
    expect(await start().call('early')).toBe('early');
  });

  it('answers calls in any order, each with its own answer', async () => {
    const thread = start();
    const order: string[] = [];
    const held = ['hold 1', 'hold 2'].map((request) => thread.call(request).finally(() => order.push(request)));

    await thread.call('release');

    expect(await Promise.all(held)).toEqual(['hold 1', 'hold 2']);
    expect(order).toEqual(['hold 2', 'hold 1']);
    expect(thread.isIdle).toBe(true);
  });

  it('gives its errors to the caller, with their name, and goes on', async () => {
    const thread = start();

    await expect(thread.call('refuse')).rejects.toMatchObject({ name: 'TypeError', message: 'refused' });
    expect(await thread.call('next')).toBe('next');
  });

  it('gives the error of its start to whoever waits for that, with its code, and ends', async () => {
    const thread = start({ greeting: '' });

    await expect(thread.ready).rejects.toMatchObject({ name: 'RangeError', code: 'ERR_GREETING' });
    await expect(thread.call('anything')).rejects.toBeInstanceOf(ThreadExit);
  });

  it('tells what it tells unasked before the answer that comes after', async () => {
    const heard: string[] = [];
    const thread = start({ onNote: (note) => heard.push(note) });

    await thread.call('a');
    heard.push('a');

    expect(heard).toEqual(['answering a', 'a']);
  });

  it.each([
    ['by itself', 'exit', { exitCode: 7, message: 'its thread ended with code 7' }],
    ['by an error', 'throw', { name: 'SyntaxError', message: 'thrown' }],
  ])('that ends %s rejects all that is under way, and what is asked later', async (_, request, end) => {
    const ends: Error[] = [];
    const thread = start({ onEnded: (error) => ends.push(error) });
    const held = thread.call('hold');

    const calls = await Promise.allSettled([held, thread.call(request)]);
    const [later] = await Promise.allSettled([thread.call('later')]);

    expect(calls).toEqual(Array(2).fill({ status: 'rejected', reason: expect.objectContaining(end) as Error }));
    expect(later).toEqual(calls[0]);
    expect(ends).toEqual([expect.objectContaining(end)]);
  });

  it.each(['a call', 'its start'])('is ended where %s takes longer than its limit, whatever it does', async (what) => {
    let fire: () => void = () => undefined;
    const clock: Clock = { now: Date.now, after: (_, callback) => ((fire = callback), () => undefined) };
    const thread = start({ clock, ...(what === 'its start' && { startLimitMs: 300 }) });
    const late = what === 'its start' ? thread.ready : thread.call('loop', 300);

    fire();

    await expect(late).rejects.toEqual(new ThreadTimeout(300));
    expect(thread.isIdle).toBe(false);
  });

  it('is under no limit once it has answered', async () => {
    let pending = 0;
    const clock: Clock = { now: Date.now, after: () => (pending++, () => pending--) };
    const thread = start({ clock, startLimitMs: 300 });

    await thread.call('in time', 300);

    expect(pending).toBe(0);
  });

  it('rejects what is under way by the words of its owner', async () => {
    const thread = start({ describeEnd: (cause) => new Error('The echo has died away', { cause }) });
    const refused = expect(thread.call('hold')).rejects.toMatchObject({
      message: 'The echo has died away',
      cause: expect.any(ThreadExit) as Error,
    });

    await thread.terminate();

    await refused;
  });
});
