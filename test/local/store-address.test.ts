import { parseStoreUrl, parseStoreUrls, secretValue } from '../../local/store-address';
import type { StoreName } from '../../local/store-modules';

const problemsOf = (store: StoreName, url: string): string[] => {
  try {
    parseStoreUrl(store, url);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};

describe('the URL of a store', () => {
  it.each<[StoreName, string, object]>([
    ['dynamo', 'http://127.0.0.1:8000', { host: '127.0.0.1', port: 8000, tls: false }],
    ['dynamo', 'http://[::1]/', { host: '::1', port: 8000, tls: false }],
    ['dynamo', 'http://127.0.0.1:80', { host: '127.0.0.1', port: 80, tls: false }],
    ['redis', 'redis://LOCALHOST', { host: 'localhost', port: 6379, tls: false }],
    ['redis', 'redis://:a%2Fb@127.0.0.1/0', { host: '127.0.0.1', port: 6379, tls: false, password: 'a/b' }],
    [
      'redis',
      'rediss://u:p@cache.example:6380',
      { host: 'cache.example', port: 6380, tls: true, user: 'u', password: 'p' },
    ],
    ['redis', 'redis://[::1]:7000?tls=false', { host: '::1', port: 7000, tls: false }],
    ['momento', 'momento://localhost:9000', { host: 'localhost', port: 9000, tls: false }],
    ['docdb', 'mongodb://127.0.0.1/?directConnection=true', { host: '127.0.0.1', port: 27017, tls: false }],
    [
      'docdb',
      'mongodb://u:p@cluster.example/?tls=true&replicaSet=rs0&retryWrites=false&authSource=admin',
      { host: 'cluster.example', port: 27017, tls: true, user: 'u', password: 'p' },
    ],
    ['tidb', 'mysql://127.0.0.1/counters', { host: '127.0.0.1', port: 4000, tls: false, database: 'counters' }],
    [
      'tidb',
      'mysql://x.root:p@gateway.example:4001/a?tls=true',
      { host: 'gateway.example', port: 4001, tls: true, user: 'x.root', password: 'p', database: 'a' },
    ],
  ])('of %s is read whole: %s', (store, url, address) => {
    expect(parseStoreUrl(store, url)).toEqual(address);
  });

  it.each<[StoreName, string, string]>([
    [
      'dynamo',
      'http://127.0.0.1:8000/shared',
      'path "/shared" can\'t be used: DynamoDB has one address for all requests',
    ],
    ['dynamo', 'http://127.0.0.1:8000?region=eu', "parameter region can't be used: leave it out"],
    ['dynamo', 'http://key:secret@127.0.0.1:8000', "user and password can't be used: leave them out"],
    ['redis', 'redis://127.0.0.1:0', 'port must be from 1 to 65535, got "0"'],
    ['tidb', 'mysql://127.0.0.1/a/b', 'path "/a/b" must name one database, such as /atomic_counter'],
    ['redis', 'redis://127.0.0.1/3', 'path "/3" can\'t be used: counters are kept in database 0'],
    ['redis', 'redis://127.0.0.1?db=3', "parameter db can't be used: leave it out"],
    ['redis', 'redis://u@127.0.0.1', "the user can't be used without a password"],
    ['redis', 'redis://127.0.0.1?tls=yes', 'parameter tls must be true or false, got "yes"'],
    ['redis', 'redis://127.0.0.1?tls=true&tls=false', "parameter tls can't be given twice"],
    ['redis', 'rediss://cache.example?tls=false', 'parameter tls must be true with rediss:, got "false"'],
    ['redis', 'redis://127.0.0.1#3', "the part after # can't be used: write # in a name or password as %23"],
    [
      'redis',
      'redis://cache.example',
      'a server on another machine needs TLS: add rediss:, or name one on this machine',
    ],
    ['momento', 'momento://127.0.0.1/cache', 'path "/cache" can\'t be used: the cache is named by MOMENTO_CACHE_NAME'],
    ['momento', 'momento://127.0.0.1?tls=true', 'parameter tls must be false, got "true"'],
    ['momento', 'momento://key@127.0.0.1', "user and password can't be used: leave them out"],
    ['momento', 'momento://cache.example', 'host must be this machine, such as 127.0.0.1'],
    ['momento', 'momento://[::1]', 'host must be a name or an IPv4 address, got "::1"'],
    [
      'docdb',
      'mongodb://127.0.0.1/counters',
      'path "/counters" can\'t be used: counters are kept in the database atomic_counter, users in admin',
    ],
    ['docdb', 'mongodb://u:p@127.0.0.1/?authSource=counters', 'parameter authSource must be admin, got "counters"'],
    ['docdb', 'mongodb://127.0.0.1/?replicaSet=rs0', "parameter replicaSet can't be used: leave it out"],
    ['docdb', 'mongodb://h.example/?tls=true&replicaSet=rs1', 'parameter replicaSet must be rs0, got "rs1"'],
    ['docdb', 'mongodb://:p@127.0.0.1', "the password can't be used without a user"],
    ['docdb', 'mongodb://127.0.0.1,127.0.0.2', 'host must be one server, got "127.0.0.1,127.0.0.2"'],
    ['docdb', 'mongodb://[::1]', 'host must be a name or an IPv4 address, got "::1"'],
    ['tidb', 'mysql://127.0.0.1/a?charset=latin1', "parameter charset can't be used: leave it out"],
    [
      'tidb',
      'mysql://192.0.2.1?tls=true',
      'host must be a name with TLS, for its certificate to be checked, got "192.0.2.1"',
    ],
  ])('of %s has no part that is dropped: %s', (store, url, problem) => {
    expect(problemsOf(store, url)).toEqual([expect.stringMatching(/^[A-Z]+_URL: /)]);
    expect(problemsOf(store, url)[0]).toContain(`: ${problem}`);
  });

  it.each([
    'u:secret@127.0.0.1',
    'redis://u:sec/ret@127.0.0.1',
    'redis://u:secret@',
    'redis://%zz:secret@127.0.0.1',
    'mysql://u:se@cret@127.0.0.1?password=secret',
    'redis://127.0.0.1?password=secret',
    'http://u:secret@127.0.0.1:abc/',
  ])('is never quoted with what may be secret: %s', (url) => {
    const problems = problemsOf('redis', url);

    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toMatch(/se[/@]?cret/);
  });

  it('is wrong together with all the others', () => {
    const urls = { REDIS_URL: 'redis://127.0.0.1/3?db=3', DOCDB_URL: '', TIDB_URL: 'tidb://127.0.0.1' };

    expect(() => parseStoreUrls(['redis', 'docdb', 'tidb'], urls)).toThrow(
      [
        'REDIS_URL: path "/3" can\'t be used: counters are kept in database 0',
        "REDIS_URL: parameter db can't be used: leave it out",
        'TIDB_URL must be a URL such as mysql://root@127.0.0.1:4000/test, got "tidb://127.0.0.1"',
      ].join('\n'),
    );
    expect(parseStoreUrls(['docdb'], urls)).toEqual({});
  });

  it('becomes the secret that the function reads', () => {
    const address = { host: '127.0.0.1', port: 1, tls: false, user: 'u', password: 'p', database: 'd' };

    expect(secretValue('tidb', address)).toEqual({
      host: '127.0.0.1',
      port: '1',
      tls: false,
      user: 'u',
      pwd: 'p',
      db: 'd',
    });
    expect(secretValue('docdb', address)).toMatchObject({ username: 'u', password: 'p' });
  });
});
