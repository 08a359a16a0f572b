import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startRedis } from '../../redis';
import { describeOnRealServer } from '../../../../test/real-server';
import { connectRaw } from './raw-connection';

/**
 * Conversations, recorded from Redis 7.0.15: each step is a request (words, or one text to split at its spaces) and the
 * reply as it was sent, with `~` for line breaks. With REDIS_SCRATCH_URL (such as redis://127.0.0.1:6379) a real server has
 * to give the same replies; all its data is deleted.
 */
type Conversations = Record<string, [request: string | string[], reply: string][]>;

const folder = path.join(__dirname, 'cases');
const files = readdirSync(folder).map((file): [string, Conversations] => [
  path.parse(file).name,
  JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Conversations,
]);

describe.each(files)('the replies of the embedded Redis: %s', (_file, conversations) => {
  let store: EmbeddedStore;
  beforeAll(async () => {
    store = await startRedis();
  });
  afterAll(() => store.close());

  it.each(Object.entries(conversations))('%s', async (_name, steps) => {
    const replies = await converse('127.0.0.1', store.port, steps);

    expect(replies).toEqual(steps);
  });
});

describeOnRealServer('REDIS_SCRATCH_URL', ({ host, port }) => {
  describe.each(files)('the server of REDIS_SCRATCH_URL: %s', (_file, conversations) => {
    it.each(Object.entries(conversations))('%s', async (_name, steps) => {
      const replies = await converse(host, port, steps);

      expect(replies).toEqual(steps);
    });
  });
});

/** Holds a conversation on an empty server; answers the steps with the replies that came. */
async function converse(host: string, port: number, steps: Conversations[string]): Promise<Conversations[string]> {
  const connection = await connectRaw(port, host);
  await connection.ask(['FLUSHALL']);
  await connection.ask(['SCRIPT', 'FLUSH']);
  const replies: Conversations[string] = [];
  for (const [request] of steps) {
    replies.push([request, await connection.ask(typeof request === 'string' ? request.split(' ') : request)]);
  }
  connection.close();
  return replies;
}
