import { StoreUnavailableError } from './counter-store';
import { NotConfiguredError, type StoreSecret } from './store-secret';

/** Where a store listens, according to its secret. */
export interface StoreAddress {
  readonly host: string;
  readonly port: number;
  /** Whether the connection is made over verified TLS: always, except to a server on this machine. */
  readonly tls: boolean;
}

/**
 * Reads a store's address from its secret. `port` may be a number or digits; `tls` may be absent, which means true.
 *
 * @param store the store's name, for messages
 * @throws NotConfiguredError when the secret has no host yet
 * @throws StoreUnavailableError when a field is invalid, or turns TLS off for a server on another machine
 */
export function storeAddress(store: string, secret: StoreSecret): StoreAddress {
  const { host, tls = true } = secret;
  if (host === undefined) throw new NotConfiguredError(store, 'host');
  if (typeof host !== 'string' || host === '') throw invalidField(store, 'host', 'a text');
  const port = Number(secret['port']);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalidField(store, 'port', 'from 1 to 65535');
  if (typeof tls !== 'boolean') throw invalidField(store, 'tls', 'true or false');
  if (!tls && !isLoopback(host)) throw invalidField(store, 'tls', 'true for a server on another machine');
  return { host, port, tls };
}

/**
 * Reads a text from a store's secret.
 *
 * @throws StoreUnavailableError when the field is absent or not a text
 */
export function secretText(store: string, secret: StoreSecret, field: string): string {
  const value = secret[field];
  if (typeof value !== 'string' || value === '') throw invalidField(store, field, 'a text');
  return value;
}

/**
 * Reads a text that may be absent from a store's secret, or empty.
 *
 * @throws StoreUnavailableError when the field isn't a text
 */
export function optionalSecretText(store: string, secret: StoreSecret, field: string): string | undefined {
  const value = secret[field];
  return value === undefined || value === '' ? undefined : secretText(store, secret, field);
}

/** The message omits the value: it is a host or a credential. */
function invalidField(store: string, field: string, rule: string): StoreUnavailableError {
  return new StoreUnavailableError(`${store}: ${field} in its secret must be ${rule}`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
