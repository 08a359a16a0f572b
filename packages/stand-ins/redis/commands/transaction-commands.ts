import { CommandError, NULL_ARRAY, OK } from '../reply';
import { endWatch } from '../session';
import { ALL_KEYS, carryOut, type CommandTable } from './command';

/** Transactions: https://redis.io/docs/latest/develop/interact/transactions/ */
export const transactionCommands: CommandTable = {
  multi: {
    arity: 1,
    refusedInScripts: true,
    neverQueued: true,
    run: (session) => {
      if (session.transaction !== undefined) throw new CommandError('ERR MULTI calls can not be nested');
      session.transaction = { queue: [], broken: false };
      return OK;
    },
  },
  exec: {
    arity: 1,
    refusedInScripts: true,
    neverQueued: true,
    run: (session) => {
      const { transaction, watch } = session;
      if (transaction === undefined) throw new CommandError('ERR EXEC without MULTI');
      // A watched key that has expired since counts as changed, whether or not somebody has noticed.
      for (const { keyspace, key } of watch?.keys ?? []) keyspace.has(key);
      session.transaction = undefined;
      endWatch(session);
      if (transaction.broken) {
        throw new CommandError('EXECABORT Transaction discarded because of previous errors.');
      }
      if (watch?.changed) return NULL_ARRAY;
      return transaction.queue.map((call) => carryOut(session, call));
    },
  },
  discard: {
    arity: 1,
    refusedInScripts: true,
    neverQueued: true,
    run: (session) => {
      if (session.transaction === undefined) throw new CommandError('ERR DISCARD without MULTI');
      session.transaction = undefined;
      endWatch(session);
      return OK;
    },
  },
  watch: {
    arity: -2,
    refusedInScripts: true,
    neverQueued: true,
    keys: ALL_KEYS,
    run: (session, ...keys) => {
      if (session.transaction !== undefined) throw new CommandError('ERR WATCH inside MULTI is not allowed');
      const watch = (session.watch ??= { changed: false, keys: [] });
      for (const key of keys) {
        session.keys.watch(key, watch);
        watch.keys.push({ keyspace: session.keys, key });
      }
      return OK;
    },
  },
  unwatch: {
    arity: 1,
    refusedInScripts: true,
    run: (session) => {
      endWatch(session);
      return OK;
    },
  },
};
