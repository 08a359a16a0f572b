import { StoreUnavailableError } from '../../../functions/counter-store';
import { momentoCredentials } from '../../../functions/momento/client';
import { NotConfiguredError } from '../../../functions/store-secret';

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
const token = (claims: unknown): string => `${base64({ alg: 'none' })}.${base64(claims)}.signature`;

const V1_KEY = base64({ endpoint: 'cell-1.prod.example.com', api_key: 'the-key' });
const V2_KEY = token({ t: 'g', jti: 'the-key' });
const REST_ENDPOINT = 'https://api.cache.cell-2.prod.example.com';

describe("Momento's credentials in the secret", () => {
  it('take the endpoint from a key of version 1', () => {
    const credentials = momentoCredentials({
      apiKey: V1_KEY,
      refreshToken: 'r',
      validUntil: 1,
      restEndpoint: REST_ENDPOINT,
    });

    expect(credentials.getCacheEndpoint()).toBe('cache.cell-1.prod.example.com');
    expect(credentials.getAuthToken()).toBe('the-key');
    expect(credentials.isCacheEndpointSecure()).toBe(true);
  });

  it.each([REST_ENDPOINT, `${REST_ENDPOINT}/`, 'api.cache.cell-2.prod.example.com', 'https://cell-2.prod.example.com'])(
    'take the endpoint of a key of version 2 from restEndpoint: %s',
    (restEndpoint) => {
      const credentials = momentoCredentials({ apiKey: V2_KEY, refreshToken: 'r', validUntil: 1, restEndpoint });

      expect(credentials.getCacheEndpoint()).toBe('cache.cell-2.prod.example.com');
      expect(credentials.getAuthToken()).toBe(V2_KEY);
      expect(credentials.isCacheEndpointSecure()).toBe(true);
    },
  );

  it('reach a server on this machine without TLS', () => {
    const credentials = momentoCredentials({ host: '127.0.0.1', port: 8080, tls: false });

    expect(credentials.getCacheEndpoint()).toBe('localhost:8080');
    expect(credentials.isCacheEndpointSecure()).toBe(false);
  });

  it('are not configured without a key', () => {
    expect(() => momentoCredentials({})).toThrow(NotConfiguredError);
  });

  it.each([
    [{ apiKey: 'no key at all' }, 'apiKey'],
    [{ apiKey: 'bm8ga2V5' }, 'apiKey'],
    [{ apiKey: token({ t: 'x' }), restEndpoint: REST_ENDPOINT }, 'apiKey'],
    [{ apiKey: 7 }, 'apiKey'],
    [{ apiKey: V2_KEY }, 'restEndpoint'],
    [{ apiKey: V2_KEY, restEndpoint: 'http://api.cache.example.com' }, 'restEndpoint'],
    [{ apiKey: V2_KEY, restEndpoint: 'https://api.cache.example.com/cache' }, 'restEndpoint'],
    [{ host: '127.0.0.1', port: 8080 }, 'tls'],
    [{ host: 'example.com', port: 8080, tls: false }, 'tls'],
  ])('name the field that cannot be used, without the credential: %j', (secret, field) => {
    const read = (): unknown => momentoCredentials(secret);

    expect(read).toThrow(StoreUnavailableError);
    expect(read).toThrow(new RegExp(`^momento: ${field} in its secret must be `));
    expect(read).not.toThrow(V2_KEY);
  });
});
