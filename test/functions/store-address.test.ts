import { StoreUnavailableError } from '../../functions/counter-store';
import { optionalSecretText, secretText, storeAddress } from '../../functions/store-address';
import { NotConfiguredError } from '../../functions/store-secret';

const SECRET_HOST = 'db.example.com';

describe("a store's address in its secret", () => {
  it('takes a port as a number or as digits, and TLS for granted', () => {
    const addresses = [
      storeAddress('tidb', { host: SECRET_HOST, port: 4000 }),
      storeAddress('tidb', { host: SECRET_HOST, port: '4000', tls: true }),
    ];

    expect(addresses).toEqual(Array.from({ length: 2 }, () => ({ host: SECRET_HOST, port: 4000, tls: true })));
  });

  it.each(['127.0.0.1', '127.0.0.53', '::1', 'localhost'])('lets TLS be left out on this machine: %s', (host) => {
    const address = storeAddress('redis', { host, port: 6379, tls: false });

    expect(address.tls).toBe(false);
  });

  it.each([SECRET_HOST, '10.0.0.1', '127.0.0.1.example.com', 'localhost.example.com', '0.0.0.0', '1127.0.0.1'])(
    'refuses to leave TLS out elsewhere: %s',
    (host) => {
      const read = (): unknown => storeAddress('redis', { host, port: 6379, tls: false });

      expect(read).toThrow('redis: tls in its secret must be true for a server on another machine');
    },
  );

  it('calls a store without a host not configured', () => {
    const read = (): unknown => storeAddress('docdb', { username: 'counter', password: 'x' });

    expect(read).toThrow(NotConfiguredError);
  });

  it.each([
    [{ host: '', port: 1 }, 'host'],
    [{ host: 7, port: 1 }, 'host'],
    [{ host: SECRET_HOST }, 'port'],
    [{ host: SECRET_HOST, port: 'x' }, 'port'],
    [{ host: SECRET_HOST, port: 0 }, 'port'],
    [{ host: SECRET_HOST, port: 65_536 }, 'port'],
    [{ host: SECRET_HOST, port: 1, tls: 'false' }, 'tls'],
  ])('names the field that cannot be used, without its value: %j', (secret, field) => {
    const read = (): unknown => storeAddress('redis', secret);

    expect(read).toThrow(StoreUnavailableError);
    expect(read).toThrow(new RegExp(`^redis: ${field} in its secret must be `));
    expect(read).not.toThrow(SECRET_HOST);
  });

  it('distinguishes required texts from optional ones', () => {
    const secret = { user: 'root', pwd: '' };

    expect(secretText('tidb', secret, 'user')).toBe('root');
    expect(() => secretText('tidb', secret, 'db')).toThrow('tidb: db in its secret must be a text');
    expect(optionalSecretText('tidb', secret, 'pwd')).toBeUndefined();
    expect(() => optionalSecretText('tidb', { pwd: 7 }, 'pwd')).toThrow('tidb: pwd in its secret must be a text');
  });
});
