import type { StoreAddress } from '../local/store-address';

type Login = Pick<StoreAddress, 'host' | 'port' | 'user' | 'password' | 'database'>;

/** What ioredis takes for a server on this machine. */
export const redisLogin = ({ host, port, user: username, password }: Login) => ({
  ...{ host, port },
  ...(username ? { username } : {}),
  ...(password ? { password } : {}),
});

/** What mongodb's client takes for one, beside its address. */
export const docdbLogin = ({ user: username, password = '' }: Login) => ({
  directConnection: true,
  ...(username === undefined ? {} : { auth: { username, password } }),
});

/** What mysql2 takes for one: without others, the user and the database of a server that was just started. */
export const tidbLogin = ({ host, port, user = 'root', password = '', database = 'bench' }: Login) => ({
  ...{ host, port, user, password, database },
});
