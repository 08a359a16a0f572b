import { safeInteger } from '../numbers';
import { CommandError, OK, PONG, syntaxError, type Reply } from '../reply';
import { REDIS_VERSION } from '../version';
import { ArityError, selectDatabase, type CommandTable, type Session } from './command';

/** A client's connection: https://redis.io/docs/latest/commands/?group=connection */
export const connectionCommands: CommandTable = {
  ping: {
    takes: '[message]',
    run: (_session, ...args) => {
      if (args.length > 1) throw new ArityError('ping');
      return args[0] ?? PONG;
    },
  },
  auth: {
    takes: '[username] password',
    refusedInScripts: true,
    run: (_session, ...args) => {
      if (args.length > 2) throw syntaxError();
      if (args.length === 2) authenticate(args[0]);
      else {
        throw new CommandError(
          'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
        );
      }
      return OK;
    },
  },
  hello: { takes: '[2]', refusedInScripts: true, run: hello },
  select: {
    takes: 'index',
    run: (session, index: string) => {
      if (!selectDatabase(session, safeInteger(index))) throw new CommandError('ERR DB index is out of range');
      return OK;
    },
  },
  quit: {
    takes: '',
    refusedInScripts: true,
    run: (session) => {
      session.quitting = true;
      return OK;
    },
  },
  'client|getname': { takes: '', refusedInScripts: true, run: ({ name }) => (name === '' ? null : name) },
  'client|setname': {
    takes: 'connection-name',
    refusedInScripts: true,
    run: (session, name: string) => {
      if (!isPrintable(name)) throw cannotContain('Client names');
      session.name = name;
      return OK;
    },
  },
  // Of Redis 7.2; clients send it unasked.
  'client|setinfo': {
    takes: 'attribute value',
    refusedInScripts: true,
    run: (_session, attribute: string, value: string) => {
      const name = attribute.toLowerCase();
      if (name !== 'lib-name' && name !== 'lib-ver') throw new CommandError(`ERR Unrecognized option '${attribute}'`);
      if (!isPrintable(value)) throw cannotContain(name);
      return OK;
    },
  },
};

/** The default user needs no password, so any one is right; there is no other user. */
function authenticate(user: string | undefined): void {
  if (user === 'default') return;
  throw new CommandError('WRONGPASS invalid username-password pair or user is disabled.');
}

/** A client that requests RESP3 gets the error of servers without it, and continues in RESP2. */
function hello({ id }: Session, version = '2', option?: string): Reply {
  if (!/^-?\d+$/.test(version)) throw new CommandError('ERR Protocol version is not an integer or out of range');
  if (version !== '2') throw new CommandError('NOPROTO unsupported protocol version');
  if (option !== undefined) throw new CommandError(`ERR Syntax error in HELLO option '${option}'`);
  const facts = { server: 'redis', version: REDIS_VERSION, proto: 2, id, mode: 'standalone', role: 'master' };
  return [...Object.entries(facts).flat(), 'modules', []];
}

function isPrintable(text: string): boolean {
  return /^[!-~]*$/.test(text);
}

function cannotContain(what: string): CommandError {
  return new CommandError(`ERR ${what} cannot contain spaces, newlines or special characters.`);
}
