import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { openStores } from '../../local/open-stores';

describe('openStores', () => {
  it('embeds what has no URL, and uses the server of what has one', async () => {
    const server = createServer().listen(0, '127.0.0.1').unref();
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;

    const stores = await openStores(['dynamo', 'redis'], {
      urls: { REDIS_URL: `redis://someone:secret@127.0.0.1:${port}` },
      cacheNames: [],
    });

    expect(stores['dynamo']?.embedded).toBe(true);
    expect(stores['redis']).toMatchObject({
      embedded: false,
      address: { host: '127.0.0.1', port, tls: false, user: 'someone', password: 'secret' },
    });
    await Promise.all(Object.values(stores).map((store) => store.close()));
    server.close();
  });

  it.each([
    ['no URL', 'localhost', 'REDIS_URL must be a URL such as redis://127.0.0.1:6379, got "localhost"'],
    [
      'another protocol',
      'mysql://127.0.0.1',
      'REDIS_URL must be a URL such as redis://127.0.0.1:6379, got "mysql://127.0.0.1"',
    ],
    ['a server that is not there', 'redis://x:secret@127.0.0.1:1', 'REDIS_URL: nothing answers at 127.0.0.1:1'],
  ])('refuses %s in one line that names the setting and no password', async (_, url, message) => {
    await expect(openStores(['redis'], { urls: { REDIS_URL: url }, cacheNames: [] })).rejects.toThrow(message);
  });
});
