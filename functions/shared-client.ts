import { giveUpAfter, type Patience } from './give-up';

/** A client of a store that all calls of a Lambda environment share. */
export interface SharedClient<Client> {
  /**
   * Begins to connect before the first call, and waits for it. It never rejects: a failure is forgotten, and the first
   * call tries again.
   *
   * An attempt that outlasts the patience goes on, and is shared by a call that comes within as much time again. Later
   * ones connect anew, since the environment was frozen meanwhile: the attempt's timers are over, and its server may be
   * gone. Its client is ended when it arrives.
   *
   * @param patienceMs how long to wait, in milliseconds
   */
  connectAhead(patienceMs: number): Promise<void>;
  /**
   * Runs `work` with the connected client. Concurrent calls share one client and one attempt to connect; a failed
   * attempt is forgotten, so that the next call tries again.
   *
   * @throws what connecting or `work` throws
   */
  use<Result>(work: (client: Client) => Promise<Result>): Promise<Result>;
  /** Retires an unusable client: the next call connects anew, and the client ends after its running calls. */
  retire(client: Client): void;
  /** Ends the client. A later call would connect anew. */
  close(): Promise<void>;
}

export interface SharedClientOptions<Client> {
  readonly connect: () => Promise<Client>;
  /** Ends the client's connections. It must not throw or reject. */
  readonly end: (client: Client) => void | Promise<void>;
  /**
   * Whether the client can still send commands.
   *
   * @default - it always can
   */
  readonly isUsable?: (client: Client) => boolean;
  /**
   * Milliseconds without a call after which the next call replaces the client.
   *
   * @default - never
   */
  readonly maxIdleMs?: number;
  /**
   * Milliseconds after which a client is replaced; its running calls finish on it.
   *
   * @default - never
   */
  readonly maxAgeMs?: number;
  /**
   * Milliseconds since any fixed time. A monotonic clock may stand still while the environment is frozen.
   *
   * @default - the wall clock
   */
  readonly now?: () => number;
}

/** A connected client and its use. */
interface Entry<Client> {
  readonly client: Client;
  readonly connectedAt: number;
  usedAt: number;
  running: number;
  isRetired: boolean;
  isEnded: boolean;
}

/** Makes a {@link SharedClient}. Nothing is connected before the first call. */
export function sharedClient<Client>(options: SharedClientOptions<Client>): SharedClient<Client> {
  const { connect, end, isUsable = () => true, maxIdleMs = Infinity, maxAgeMs = Infinity, now = Date.now } = options;
  let current: Entry<Client> | undefined;
  let connecting: Promise<Entry<Client>> | undefined;
  /** Until when, by `now()`, a call shares the attempt that is under way; without an end once one has. */
  let sharedUntil = Infinity;

  const endOnce = async (entry: Entry<Client>): Promise<void> => {
    if (entry.isEnded) return;
    entry.isEnded = true;
    await end(entry.client);
  };

  const retire = (entry: Entry<Client>): void => {
    if (current === entry) current = undefined;
    entry.isRetired = true;
    if (entry.running === 0) void endOnce(entry);
  };

  const isGood = ({ client, connectedAt, usedAt, running }: Entry<Client>): boolean => {
    const time = now();
    return isUsable(client) && time - connectedAt <= maxAgeMs && (running > 0 || time - usedAt <= maxIdleMs);
  };

  const start = (): Promise<Entry<Client>> => {
    const attempt = Promise.resolve()
      .then(connect)
      .then((client) => {
        const entry = { client, connectedAt: now(), usedAt: now(), running: 0, isRetired: false, isEnded: false };
        if (connecting === attempt && now() <= sharedUntil) current = entry;
        else retire(entry);
        return entry;
      })
      .finally(() => {
        if (connecting === attempt) connecting = undefined;
      });
    return attempt;
  };

  const replace = (): Promise<Entry<Client>> => {
    if (current) retire(current);
    if (now() > sharedUntil) connecting = undefined;
    sharedUntil = Infinity;
    return (connecting ??= start());
  };

  return {
    async connectAhead(patienceMs) {
      if (current) return;
      const attempt = replace().then(forget, forget);
      sharedUntil = now() + 2 * patienceMs;
      let patience: Patience | undefined;
      const enough = new Promise<void>((resolve) => (patience = giveUpAfter(patienceMs, resolve)));
      await Promise.race([attempt, enough]);
      patience?.end();
    },
    async use(work) {
      let entry = current && isGood(current) ? current : await replace();
      // Another call that shared this client may have retired it already.
      while (entry.isRetired) entry = await replace();
      entry.running += 1;
      try {
        return await work(entry.client);
      } finally {
        entry.running -= 1;
        entry.usedAt = now();
        if (entry.isRetired && entry.running === 0) void endOnce(entry);
      }
    },
    retire(client) {
      if (current?.client === client) retire(current);
    },
    async close() {
      // A failed attempt leaves nothing to end; its callers have got the error.
      const entry = current ?? (await connecting?.catch(() => undefined));
      if (!entry) return;
      retire(entry);
      await endOnce(entry);
    },
  };
}

/** The first call finds out for itself. */
const forget = (): void => undefined;
