import { safeInteger } from '../numbers';
import { CommandError, OK, type Reply } from '../reply';
import type { Session } from '../session';
import type { CommandTable } from './command';

/** Scripts: https://redis.io/docs/latest/commands/?group=scripting */
export const scriptCommands: CommandTable = {
  eval: {
    arity: -3,
    refusedInScripts: true,
    run: (session, source: string, keyCount: string, ...args: string[]) =>
      runScript(session, () => session.server.scripts.load(source), keyCount, args),
  },
  evalsha: {
    arity: -3,
    refusedInScripts: true,
    run: (session, sha: string, keyCount: string, ...args: string[]) =>
      runScript(session, () => session.server.scripts.find(sha), keyCount, args),
  },
  'script|load': { arity: 3, refusedInScripts: true, run: ({ server }, source: string) => server.scripts.load(source) },
  'script|exists': {
    arity: -3,
    refusedInScripts: true,
    run: ({ server }, ...shas) => shas.map((sha) => (server.scripts.has(sha) ? 1 : 0)),
  },
  'script|flush': {
    arity: -2,
    refusedInScripts: true,
    run: ({ server }, ...options) => {
      const [option = 'SYNC'] = options;
      if (options.length > 1 || !['SYNC', 'ASYNC'].includes(option.toUpperCase())) {
        throw new CommandError('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
      }
      server.scripts.flush();
      return OK;
    },
  },
  // A script runs to its end, or the end of its budget, before the next command is read: there is never one to kill.
  'script|kill': {
    arity: 2,
    refusedInScripts: true,
    run: () => {
      throw new CommandError('NOTBUSY No scripts in execution right now.');
    },
  },
};

/**
 * @param sha finds or compiles the script, after the arguments have been checked
 */
function runScript(session: Session, sha: () => string, keyCount: string, args: readonly string[]): Reply {
  const count = safeInteger(keyCount);
  if (count > args.length) throw new CommandError("ERR Number of keys can't be greater than number of args");
  if (count < 0) throw new CommandError("ERR Number of keys can't be negative");
  return session.server.scripts.run(session, sha(), args.slice(0, count), args.slice(count));
}
