import { isIP } from 'node:net';
import { isLoopbackHost } from 'template-runtime/http';
import type { StoreName } from './store-modules';

/** The address of a store: an embedded one, or a server that the user named by URL. */
export interface StoreAddress {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

interface UrlRule {
  readonly protocols: readonly string[];
  readonly port: number;
  readonly example: string;
  /** Which of user and password may be given without the other. @default - there are no credentials */
  readonly credentials?: { readonly alone: readonly ('user' | 'password')[] };
  /** The paths that change nothing, and why. @default - the path names the database */
  readonly paths?: { readonly accepted: readonly string[]; readonly because: string };
  /** The parameters that are used, or that match what the function does anyway, with their values. */
  readonly parameters: (tls: boolean) => Readonly<Record<string, readonly string[]>>;
  /** Whether its client accepts an IPv6 address. */
  readonly ipv6: boolean;
}

const NO_PATH = ['', '/'];
const TLS = ['true', 'false'];

const URL_RULES: Record<StoreName, UrlRule> = {
  dynamo: {
    protocols: ['http:'],
    port: 8000,
    example: 'http://127.0.0.1:8000',
    paths: { accepted: NO_PATH, because: 'DynamoDB has one address for all requests' },
    parameters: () => ({}),
    ipv6: true,
  },
  redis: {
    protocols: ['redis:', 'rediss:'],
    port: 6379,
    example: 'redis://127.0.0.1:6379',
    credentials: { alone: ['password'] },
    paths: { accepted: [...NO_PATH, '/0'], because: 'counters are kept in database 0' },
    parameters: () => ({ tls: TLS }),
    ipv6: true,
  },
  momento: {
    protocols: ['momento:'],
    port: 8080,
    example: 'momento://127.0.0.1:8080',
    paths: { accepted: NO_PATH, because: 'the cache is named by MOMENTO_CACHE_NAME' },
    parameters: () => ({ tls: ['false'] }),
    ipv6: false,
  },
  docdb: {
    protocols: ['mongodb:'],
    port: 27017,
    example: 'mongodb://user:password@127.0.0.1:27017',
    credentials: { alone: [] },
    paths: { accepted: NO_PATH, because: 'counters are kept in the database atomic_counter, users in admin' },
    // The options with which functions/docdb/client.ts connects.
    parameters: (tls) => ({
      tls: TLS,
      authSource: ['admin'],
      readPreference: ['primary'],
      retryWrites: ['false'],
      ...(tls ? { replicaSet: ['rs0'] } : { directConnection: ['true'] }),
    }),
    ipv6: false,
  },
  tidb: {
    protocols: ['mysql:'],
    port: 4000,
    example: 'mysql://root@127.0.0.1:4000/test',
    credentials: { alone: ['user', 'password'] },
    parameters: () => ({ tls: TLS }),
    ipv6: true,
  },
};

/** Name of the setting that points a store at a real server. */
export const URL_SETTINGS: Record<StoreName, string> = {
  dynamo: 'DYNAMODB_URL',
  redis: 'REDIS_URL',
  momento: 'MOMENTO_URL',
  docdb: 'DOCDB_URL',
  tidb: 'TIDB_URL',
};

/**
 * Reads the URL of a real server. TLS is on with `rediss:`, or with `?tls=true`. Every part is used or rejected.
 *
 * @throws Error with a line for each part that can't be used, naming the setting and the part
 */
export function parseStoreUrl(store: StoreName, text: string): StoreAddress {
  const problems: string[] = [];
  const address = storeAddress(store, text, problems);
  if (address === undefined) throw new Error(problems.join('\n'));
  return address;
}

/**
 * Reads the URL of a real server.
 *
 * @param problems gets a line for each part that can't be used
 * @param setting where it stands. @default - the store's own setting
 * @returns undefined when there is such a part
 */
export function storeAddress(
  store: StoreName,
  text: string,
  problems: string[],
  setting: string = URL_SETTINGS[store],
): StoreAddress | undefined {
  const { protocols, example } = URL_RULES[store];
  const url = readUrl(text);
  if (!url || !protocols.includes(url.protocol) || url.hostname === '') {
    problems.push(`${setting} must be a URL such as ${example}, got "${withoutCredentials(text)}"`);
    return undefined;
  }
  const address: StoreAddress = {
    host: hostOf(url),
    port: portOf(store, url, text),
    tls: url.protocol === 'rediss:' || url.searchParams.get('tls') === 'true',
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(store !== 'tidb' || NO_PATH.includes(url.pathname)
      ? {}
      : { database: decodeURIComponent(url.pathname.slice(1)) }),
  };
  const found = [...problemsOf(store, url, address)].map((problem) => `${setting}: ${problem}`);
  problems.push(...found);
  return found.length === 0 ? address : undefined;
}

/**
 * Reads the URLs of all stores that have one.
 *
 * @param urls by setting
 * @param problems gets a line for each problem of each URL
 * @returns the addresses of those without one
 */
export function storeAddresses(
  stores: readonly StoreName[],
  urls: Readonly<Record<string, string | undefined>>,
  problems: string[],
): Partial<Record<StoreName, StoreAddress>> {
  const addresses: Partial<Record<StoreName, StoreAddress>> = {};
  for (const store of stores) {
    const url = urls[URL_SETTINGS[store]];
    const address = url ? storeAddress(store, url, problems) : undefined;
    if (address) addresses[store] = address;
  }
  return addresses;
}

/**
 * Reads the URLs of all stores that have one.
 *
 * @throws Error with all lines of {@link storeAddresses}
 */
export function parseStoreUrls(
  stores: readonly StoreName[],
  urls: Readonly<Record<string, string | undefined>>,
): Partial<Record<StoreName, StoreAddress>> {
  const problems: string[] = [];
  const addresses = storeAddresses(stores, urls, problems);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return addresses;
}

/** A URL leaves out its port where that is its protocol's own, as 80 of `http:`, which isn't DynamoDB's. */
function portOf(store: StoreName, { port, protocol }: URL, text: string): number {
  if (port !== '') return Number(port);
  return protocol === 'http:' && /^http:\/\/[^/?#]*:0*80(?=[/?#]|$)/i.test(text.trim()) ? 80 : URL_RULES[store].port;
}

/** A URL whose parts can be decoded. */
function readUrl(text: string): URL | undefined {
  try {
    const url = new URL(text);
    for (const part of [url.username, url.password, url.pathname]) decodeURIComponent(part);
    return url;
  } catch {
    return undefined;
  }
}

/** @yields parts that would be dropped, or that the store's function would reject on each call */
function* problemsOf(store: StoreName, url: URL, { host, tls, database }: StoreAddress): Generator<string> {
  const { protocols, credentials, paths, parameters, ipv6 } = URL_RULES[store];
  yield* credentialProblems(credentials, url);
  if (url.port === '0') yield 'port must be from 1 to 65535, got "0"';
  if (host.includes(',')) yield `host must be one server, got "${host}"`;
  if (isIP(host) === 6 && !ipv6) yield `host must be a name or an IPv4 address, got "${host}"`;
  if (paths && !paths.accepted.includes(url.pathname)) {
    yield `path "${url.pathname}" can't be used: ${paths.because}`;
  }
  if (database?.includes('/')) yield `path "${url.pathname}" must name one database, such as /atomic_counter`;
  yield* parameterProblems(url, parameters(tls));
  if (url.hash !== '') yield "the part after # can't be used: write # in a name or password as %23";
  if (store === 'dynamo') return;
  if (!tls && !isLoopbackHost(host) && !host.includes(',')) {
    const how = protocols.includes('rediss:') ? 'rediss:' : '?tls=true';
    yield store === 'momento'
      ? 'host must be this machine, such as 127.0.0.1'
      : `a server on another machine needs TLS: add ${how}, or name one on this machine`;
  }
  if (store === 'tidb' && tls && isIP(host) !== 0) {
    yield `host must be a name with TLS, for its certificate to be checked, got "${host}"`;
  }
}

function* credentialProblems(credentials: UrlRule['credentials'], { username, password }: URL): Generator<string> {
  if (!credentials) {
    if (username !== '' || password !== '') yield "user and password can't be used: leave them out";
    return;
  }
  const { alone } = credentials;
  if (password === '' && username !== '' && !alone.includes('user')) yield "the user can't be used without a password";
  if (username === '' && password !== '' && !alone.includes('password')) {
    yield "the password can't be used without a user";
  }
}

function* parameterProblems(
  { protocol, searchParams }: URL,
  parameters: Readonly<Record<string, readonly string[]>>,
): Generator<string> {
  for (const name of new Set(searchParams.keys())) {
    const values = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    // The value of an unknown parameter may be a secret.
    if (values === undefined) yield `parameter ${name} can't be used: leave it out`;
    else if (searchParams.getAll(name).length > 1) yield `parameter ${name} can't be given twice`;
    else {
      const value = searchParams.get(name) ?? '';
      if (!values.includes(value)) yield `parameter ${name} must be ${values.join(' or ')}, got "${value}"`;
      else if (protocol === 'rediss:' && value === 'false')
        yield 'parameter tls must be true with rediss:, got "false"';
    }
  }
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

/** A malformed URL may have its credentials anywhere before the last `@`, and its parameters may be secret. */
function withoutCredentials(text: string): string {
  return text.replace(/^([a-z+]*:\/\/)?[^]*@/i, '$1…@').replace(/\?[^]*$/, '?…');
}

/** The value of the store's secret, as its function reads it. DynamoDB needs none. */
export function secretValue(store: Exclude<StoreName, 'dynamo'>, address: StoreAddress): Record<string, unknown> {
  const { host, port, tls, user, password, database } = address;
  switch (store) {
    case 'redis':
      return {
        host,
        port,
        tls,
        ...(user === undefined ? {} : { user }),
        ...(password === undefined ? {} : { password }),
      };
    case 'momento':
      return { host, port, tls };
    case 'docdb':
      return { host, port, tls, ...(user === undefined ? {} : { username: user, password: password ?? '' }) };
    case 'tidb':
      return {
        host,
        port: String(port),
        tls,
        user: user ?? 'root',
        pwd: password ?? '',
        db: database ?? 'atomic_counter',
      };
  }
}
