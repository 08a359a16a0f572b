import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { readTidbAddress } from '../../functions/tidb/client';
import { setUpTidb } from '../../functions/tidb/setup';
import { writeBundle } from '../../lib/bundling/function-bundle';
import { secretValue } from '../../local/store-address';
import { describeOnRealServer, readAddress } from '../real-server';
import { type SecretsEndpoint, startSecretsEndpoint } from './secrets-endpoint';

/** A name that leads to the server and isn't in its certificate. */
const OTHER_NAME = 'counters.example.com';

const execute = promisify(execFile);

/** Each call is the function's bundle in a process of its own: what Node trusts is read at its start. */
for (const [setting, store] of [
  ['REDIS_TLS_URL', 'redis'],
  ['TIDB_TLS_URL', 'tidb'],
] as const) {
  describeOnRealServer(setting, (url) => {
    describe(`the server of ${setting}, met by its function,`, () => {
      const address = { ...url, ...(store === 'tidb' ? { database: `tls_${process.pid}` } : {}) };
      const secret = secretValue(store, address);
      let secrets: SecretsEndpoint;
      let folder: string;

      beforeAll(async () => {
        folder = await mkdtemp(path.join(tmpdir(), 'bundle-'));
        writeBundle(`functions/${store}/handler.ts`, path.join(folder, 'index.js'));
        if (store === 'tidb') await setUpTidb(await readAddress('tidb', address, readTidbAddress));
        secrets = await startSecretsEndpoint();
      });

      afterAll(async () => {
        await secrets.close();
        await rm(folder, { recursive: true });
        if (store !== 'tidb') return;
        const { options, database } = await readAddress('tidb', address, readTidbAddress);
        const raw = await createConnection(options);
        await raw.query('DROP DATABASE ??', [database]);
        await raw.end();
      });

      /** What the handler returned or threw, with the cause that it logged. */
      const increment = async (id: string, changes: object = {}, environment: object = {}): Promise<unknown> => {
        secrets.setValue({ ...secret, ...changes });
        const { stdout } = await execute(
          process.execPath,
          [path.join(__dirname, 'invoke-once.cjs'), path.join(folder, 'index.js'), JSON.stringify({ id })],
          {
            env: {
              ...process.env,
              ...secrets.environment,
              HOST_ALIAS: OTHER_NAME,
              ...environment,
            },
          },
        );
        const [logged, outcome] = stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
        return { ...outcome, ...(logged?.['cause'] === undefined ? {} : { cause: logged['cause'] }) };
      };

      it('counts where the authority, the name and the password are right', async () => {
        const outcome = await increment(`right-${process.pid}-${Date.now()}`);

        expect(outcome).toEqual({ outcome: 'incremented', counter: 1 });
      });

      it.each<[string, object, object, Record<'redis' | 'tidb', string>]>([
        [
          'a certificate of an authority that it does not trust',
          {},
          { NODE_EXTRA_CA_CERTS: '' },
          { redis: 'SELF_SIGNED_CERT_IN_CHAIN', tidb: 'HANDSHAKE_SSL_ERROR' },
        ],
        [
          'a certificate for another name',
          { host: OTHER_NAME },
          {},
          { redis: 'ERR_TLS_CERT_ALTNAME_INVALID', tidb: 'HANDSHAKE_SSL_ERROR' },
        ],
        [
          'a wrong password',
          { password: 'wrong', pwd: 'wrong' },
          {},
          { redis: 'ReplyError', tidb: 'ER_ACCESS_DENIED_ERROR' },
        ],
        ['no TLS', { tls: false }, {}, { redis: 'ECONNRESET', tidb: 'ER_ACCESS_DENIED_ERROR' }],
      ])('writes nothing with %s, and says that it was unavailable', async (_what, changes, environment, causes) => {
        const id = `wrong-${process.pid}-${Date.now()}`;

        const refused = await increment(id, changes, environment);
        const next = await increment(id);

        const message = `${store} could not be reached`;
        expect(refused).toEqual({ error: 'StoreUnavailableError', message, cause: causes[store] });
        expect(next).toEqual({ outcome: 'incremented', counter: 1 });
      });

      it('does not even connect without TLS to a name that is not this machine, wherever it leads', async () => {
        const refused = await increment('votes', { host: OTHER_NAME, tls: false });

        expect(refused).toEqual({
          error: 'StoreUnavailableError',
          message: `${store}: tls in its secret must be true for a server on another machine`,
        });
      });
    });
  });
}
