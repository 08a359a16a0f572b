import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { findServers, namedServers } from '../../tools/test-stores/find-servers';
import { PROBES } from '../../tools/test-stores/probes';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startDocdb } from 'stand-ins/docdb';
import { startDynamo } from 'template-runtime/dynamodb';
import { startMomento } from 'stand-ins/momento';
import { startRedis } from 'stand-ins/redis';
import { startTidb } from 'stand-ins/tidb';

/** Probes that find nothing, so that no server of this machine's own is met at compose.yaml's ports. */
const nobody = (): Promise<string> => Promise.reject(new Error('nobody'));
const NOBODY = { dynamo: nobody, redis: nobody, momento: nobody, docdb: nobody, tidb: nobody };

describe('the servers for the stores’ tests', () => {
  it.each([
    ['DYNAMODB_URL', 'dynamo', 'http', startDynamo, 'DynamoDB'],
    ['REDIS_URL', 'redis', 'redis', startRedis, 'Redis 7.'],
    ['MOMENTO_URL', 'momento', 'momento', startMomento, 'Momento'],
    ['DOCDB_URL', 'docdb', 'mongodb', startDocdb, 'MongoDB '],
    ['TIDB_URL', 'tidb', 'mysql', startTidb, 'TiDB'],
  ] as [string, keyof typeof PROBES, string, () => Promise<EmbeddedStore>, string][])(
    'are asked what they are: %s',
    async (setting, store, protocol, start, is) => {
      const server = await start();
      const url = `${protocol}://127.0.0.1:${server.port}`;

      const servers = await findServers({ [setting]: url }, { ...NOBODY, [store]: PROBES[store] });
      await server.close();

      expect(servers.filter(({ found }) => found)).toEqual([
        { setting, place: `127.0.0.1:${server.port}`, found: { url, is: expect.stringContaining(is) as string } },
      ]);
    },
  );

  it('are looked for at the ports of compose.yaml, as its comments say', async () => {
    const compose = readFileSync(path.join(__dirname, '../../compose.yaml'), 'utf8');
    const offered = Array.from(compose.matchAll(/^ {2}# (\w+_URL)=(\S+)$/gm), ([, setting, url]) => ({ setting, url }));
    const everybody = (): Promise<string> => Promise.resolve('one');

    const servers = await findServers(
      {},
      { dynamo: everybody, redis: everybody, momento: everybody, docdb: everybody, tidb: everybody },
    );

    expect(servers.flatMap(({ setting, found }) => (found ? [{ setting, url: found.url }] : []))).toEqual(offered);
  });

  it('may be absent there', async () => {
    const servers = await findServers({}, NOBODY);

    expect(servers.filter(({ found }) => found)).toEqual([]);
    expect(servers.map(({ setting }) => setting)).toContain('TIDB_TLS_URL');
  });

  describe('that the environment names', () => {
    let server: Server;
    beforeAll(async () => {
      server = createServer((_request, response) => response.end('<html>another service</html>'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => server.close());
    const portOf = (): number => (server.address() as AddressInfo).port;

    it.each([
      ['REDIS_URL', 'redis://someone:secret@'],
      ['DYNAMODB_URL', 'http://'],
      ['MOMENTO_URL', 'momento://'],
      ['DOCDB_URL', 'mongodb://someone:secret@'],
      ['TIDB_URL', 'mysql://someone:secret@'],
    ])('have to answer as what they are: %s', async (setting, beginning) => {
      const url = `${beginning}127.0.0.1:${portOf()}`;

      const message = await findServers({ [setting]: url }, PROBES).then(
        () => 'found',
        (error: Error) => error.message,
      );

      expect(message).toMatch(new RegExp(`^${setting}: no \\w+ that answers at 127.0.0.1:${portOf()} \\(.+\\)$`));
      expect(message).not.toContain('secret');
    });

    it('have to be there', async () => {
      const finding = findServers({ REDIS_URL: 'redis://127.0.0.1:1' }, { ...NOBODY, redis: PROBES.redis });

      await expect(finding).rejects.toThrow('REDIS_URL: no redis that answers at 127.0.0.1:1 (ECONNREFUSED)');
    });

    it('are told at once, all that can’t be used', async () => {
      const urls = { REDIS_URL: 'redis://127.0.0.1/3', TIDB_TLS_URL: 'foo', DOCDB_URL: 'mongodb://127.0.0.1:1' };
      const problems = [
        'REDIS_URL: path "/3" can\'t be used: counters are kept in database 0',
        'TIDB_TLS_URL must be a URL such as mysql://root@127.0.0.1:4000/test, got "foo"',
        'DOCDB_URL: no docdb that answers at 127.0.0.1:1 (nobody)',
      ];

      await expect(findServers(urls, NOBODY)).rejects.toThrow(new Error(problems.join('\n')));

      const ofStores: string[] = [];
      expect(await namedServers(['docdb', 'redis', 'tidb'], urls, ofStores, NOBODY)).toEqual({});
      expect(ofStores).toEqual([problems[0], problems[2]]);
    });

    it('have to have a URL that can be read', async () => {
      const finding = findServers({ REDIS_URL: 'localhost' }, NOBODY);

      await expect(finding).rejects.toThrow('REDIS_URL must be a URL such as redis://127.0.0.1:6379, got "localhost"');
    });
  });
});
