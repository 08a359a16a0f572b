import { safeInteger } from '../numbers';
import { CommandError, OK, type Reply } from '../reply';
import { carryOut, findCall, UnknownCommandError, type Call } from './call';
import { ArityError, type CommandTable, type Session } from './command';

/** Scripts: https://redis.io/docs/latest/commands/?group=scripting */
export const scriptCommands: CommandTable = {
  eval: {
    takes: 'script numkeys [key ...] [arg ...]',
    refusedInScripts: true,
    run: (session, source: string, keyCount: string, ...args: string[]) =>
      runScript(session, () => session.server.scripts.load(source), keyCount, args),
  },
  evalsha: {
    takes: 'sha1 numkeys [key ...] [arg ...]',
    refusedInScripts: true,
    run: (session, sha: string, keyCount: string, ...args: string[]) =>
      runScript(session, () => session.server.scripts.find(sha), keyCount, args),
  },
  'script|load': {
    takes: 'script',
    refusedInScripts: true,
    run: ({ server }, source: string) => server.scripts.load(source),
  },
  'script|exists': {
    takes: 'sha1 [sha1 ...]',
    refusedInScripts: true,
    run: ({ server }, ...shas) => shas.map((sha) => (server.scripts.has(sha) ? 1 : 0)),
  },
  'script|flush': {
    takes: '[ASYNC | SYNC]',
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
};

/**
 * @param sha finds or compiles the script, after the arguments have been checked
 */
function runScript(session: Session, sha: () => string, keyCount: string, args: readonly string[]): Reply {
  const { server } = session;
  const count = safeInteger(keyCount);
  if (count > args.length) throw new CommandError("ERR Number of keys can't be greater than number of args");
  if (count < 0) throw new CommandError("ERR Number of keys can't be negative");
  const ofScript = { ...session }; // its SELECT doesn't change the caller's database
  const found = sha();
  return server.freezeTime(() =>
    server.scripts.run(found, args.slice(0, count), args.slice(count), (words) => callFromScript(ofScript, words)),
  );
}

function callFromScript(session: Session, words: readonly string[]): Reply {
  let call: Call;
  try {
    call = findCall(session.commands, words);
  } catch (error) {
    if (error instanceof UnknownCommandError) {
      return new CommandError('ERR Unknown Redis command called from script');
    }
    if (error instanceof ArityError) {
      return new CommandError('ERR Wrong number of args calling Redis command from script');
    }
    throw error;
  }
  if (call.command.refusedInScripts) return new CommandError('ERR This Redis command is not allowed from script');
  return carryOut(session, call);
}
