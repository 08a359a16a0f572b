import { X509Certificate } from 'node:crypto';
import { StoreUnavailableError } from '../../functions/counter-store';
import { readDocdbAddress } from '../../functions/docdb/client';
import { readRedisAddress } from '../../functions/redis/client';
import { readTidbAddress } from '../../functions/tidb/client';
import { errorOf } from '../counter-store.contract';
import { type SecretsEndpoint, startSecretsEndpoint } from './secrets-endpoint';

describe('the connection to a store on another machine', () => {
  let secrets: SecretsEndpoint;

  // One for all: the functions' client keeps the endpoint that it was made for.
  beforeAll(async () => {
    secrets = await startSecretsEndpoint();
    Object.assign(process.env, secrets.environment);
  });

  afterAll(() => secrets.close());

  it('to Redis uses TLS as Node verifies it by default', async () => {
    secrets.setValue({ host: 'redis.example.com', port: '6379', password: 'secret' });

    const address = await readRedisAddress();

    expect(address).toEqual({ host: 'redis.example.com', port: 6379, password: 'secret', tls: {} });
  });

  it('to DocumentDB uses verified TLS and finds the primary by the replica set', async () => {
    secrets.setValue({
      engine: 'mongo',
      host: 'docdb.example.com',
      port: 27017,
      username: 'counter',
      password: 'secret',
    });

    const { options } = await readDocdbAddress();

    expect(options).toEqual({
      auth: { username: 'counter', password: 'secret' },
      replicaSet: 'rs0',
      tls: true,
    });
  });

  it('to an endpoint of DocumentDB trusts only the root of its region', async () => {
    const host = 'counters.cluster-c0ffee.eu-west-1.docdb.amazonaws.com';
    secrets.setValue({ engine: 'mongo', host, port: 27017, username: 'counter', password: 'secret' });

    const { options } = await readDocdbAddress();

    expect(new X509Certificate(options.ca as string).subject).toContain('CN=Amazon RDS eu-west-1 Root CA RSA2048 G1');
    expect(options).not.toHaveProperty('tlsCAFile');
  });

  it('to TiDB verifies the certificate and the name in it', async () => {
    secrets.setValue({ host: 'tidb.example.com', port: '4000', user: 'prefix.root', pwd: 'secret', db: 'test' });

    const { options } = await readTidbAddress();

    expect(options.ssl).toEqual({ minVersion: 'TLSv1.2', rejectUnauthorized: true, verifyIdentity: true });
  });

  it('to TiDB is refused by address, as the name could not be checked', async () => {
    secrets.setValue({ host: '127.0.0.1', port: '4000', user: 'root', pwd: '', db: 'test', tls: true });

    const error = await errorOf(readTidbAddress());

    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect((error as Error).message).toBe('tidb: host in its secret must be a name, for its certificate to be checked');
  });
});
