import { CommandError, MapReply, OK, PONG, Status, VerbatimReply, type Reply } from '../reply';
import { REDIS_VERSION } from '../version';
import { endWatch, selectDatabase, type Session } from '../session';
import { safeInteger } from '../numbers';
import { syntaxError, type CommandTable } from './command';

/** A client's connection: https://redis.io/docs/latest/commands/?group=connection */
export const connectionCommands: CommandTable = {
  ping: { arity: -1, run: (_session, ...args) => onlyArgument('ping', args) ?? PONG },
  echo: { arity: 2, run: (_session, text: string) => text },
  auth: {
    arity: -2,
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
  hello: { arity: -1, refusedInScripts: true, run: hello },
  select: {
    arity: 2,
    run: (session, index: string) => {
      if (!selectDatabase(session, safeInteger(index))) throw new CommandError('ERR DB index is out of range');
      return OK;
    },
  },
  quit: {
    arity: -1,
    refusedInScripts: true,
    neverQueued: true,
    run: (session) => {
      session.quitting = true;
      return OK;
    },
  },
  reset: {
    arity: 1,
    refusedInScripts: true,
    neverQueued: true,
    run: (session) => {
      session.transaction = undefined;
      endWatch(session);
      selectDatabase(session, 0);
      session.name = '';
      session.protocol = 2;
      return new Status('RESET');
    },
  },
  'client|id': { arity: 2, refusedInScripts: true, run: ({ id }) => id },
  'client|getname': { arity: 2, refusedInScripts: true, run: ({ name }) => (name === '' ? null : name) },
  'client|setname': {
    arity: 3,
    refusedInScripts: true,
    run: (session, name: string) => {
      session.name = checkedName(name);
      return OK;
    },
  },
  // Of Redis 7.2; clients send it unasked.
  'client|setinfo': {
    arity: 4,
    refusedInScripts: true,
    run: (session, attribute: string, value: string) => {
      const printable = /^[!-~]*$/.test(value);
      switch (attribute.toLowerCase()) {
        case 'lib-name':
          if (!printable) throw cannotContain('lib-name');
          session.libraryName = value;
          return OK;
        case 'lib-ver':
          if (!printable) throw cannotContain('lib-ver');
          session.libraryVersion = value;
          return OK;
        default:
          throw new CommandError(`ERR Unrecognized option '${attribute}'`);
      }
    },
  },
  'client|info': { arity: 2, refusedInScripts: true, run: (session) => new VerbatimReply(`${describe(session)}\n`) },
  'client|list': {
    arity: 2,
    refusedInScripts: true,
    run: ({ server }) => new VerbatimReply([...server.sessions].map((session) => `${describe(session)}\n`).join('')),
  },
};

function onlyArgument(name: string, [first, ...others]: readonly string[]): string | undefined {
  if (others.length > 0) throw new CommandError(`ERR wrong number of arguments for '${name}' command`);
  return first;
}

/** The default user needs no password, so any one is right; there is no other user. */
function authenticate(user: string | undefined): void {
  if (user === 'default') return;
  throw new CommandError('WRONGPASS invalid username-password pair or user is disabled.');
}

function hello(session: Session, version?: string, ...options: string[]): Reply {
  let { protocol, name } = session;
  if (version !== undefined) {
    if (!/^-?\d+$/.test(version)) throw new CommandError('ERR Protocol version is not an integer or out of range');
    if (version !== '2' && version !== '3') throw new CommandError('NOPROTO unsupported protocol version');
    protocol = version === '2' ? 2 : 3;
  }
  for (let index = 0; index < options.length;) {
    const option = options[index] ?? '';
    const values = options.length - index - 1;
    if (option.toUpperCase() === 'AUTH' && values >= 2) {
      authenticate(options[index + 1]);
      index += 3;
    } else if (option.toUpperCase() === 'SETNAME' && values >= 1) {
      name = checkedName(options[index + 1] ?? '');
      index += 2;
    } else {
      throw new CommandError(`ERR Syntax error in HELLO option '${option}'`);
    }
  }
  session.protocol = protocol;
  session.name = name;
  return new MapReply([
    ['server', 'redis'],
    ['version', REDIS_VERSION],
    ['proto', protocol],
    ['id', session.id],
    ['mode', 'standalone'],
    ['role', 'master'],
    ['modules', []],
  ]);
}

function checkedName(name: string): string {
  if (!/^[!-~]*$/.test(name)) throw cannotContain('Client names');
  return name;
}

function cannotContain(what: string): CommandError {
  return new CommandError(`ERR ${what} cannot contain spaces, newlines or special characters.`);
}

function describe(session: Session): string {
  const ageSeconds = Math.floor((session.server.now() - session.connectedAt) / 1000);
  const fields = {
    id: session.id,
    addr: session.address,
    name: session.name,
    age: ageSeconds,
    flags: session.transaction === undefined ? 'N' : 'x',
    db: session.database,
    multi: session.transaction?.queue.length ?? -1,
    user: 'default',
    resp: session.protocol,
    'lib-name': session.libraryName,
    'lib-ver': session.libraryVersion,
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
