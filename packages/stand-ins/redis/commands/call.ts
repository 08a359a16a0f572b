import { CommandError, type Reply } from '../reply';
import { ArityError, type Command, type Session } from './command';

/** One request: a command with its arguments. */
export interface Call {
  readonly command: Command;
  readonly args: readonly string[];
  /** As they came, the name first. */
  readonly words: readonly string[];
}

/** The request names no command of this server. */
export class UnknownCommandError extends CommandError {}

/**
 * Finds the command of a request.
 *
 * @param words the name first
 * @throws UnknownCommandError
 * @throws ArityError
 */
export function findCall(commands: Session['commands'], words: readonly string[]): Call {
  const [given = '', subcommand = ''] = words;
  const name = given.toLowerCase();
  const single = commands.get(name);
  if (single !== undefined) return checked(single, name, words, 1);
  if (!isContainer(commands, name)) throw new UnknownCommandError(unknownCommand(words));
  if (words.length === 1) throw new ArityError(name);
  const fullName = `${name}|${subcommand.toLowerCase()}`;
  const command = commands.get(fullName);
  if (command !== undefined) return checked(command, fullName, words, 2);
  throw new UnknownCommandError(
    `ERR unknown subcommand '${subcommand.slice(0, 128)}'. Try ${given.toUpperCase()} HELP.`,
  );
}

/** Carries out a call; what it throws becomes the reply. */
export function carryOut(session: Session, call: Call): Reply {
  if (!call.command.writes) return reply(session, call);
  return session.server.writing(call.words, session.database, session.keys, () => reply(session, call));
}

/** Carries out one request of a client. */
export function execute(session: Session, words: readonly string[]): Reply {
  let call: Call;
  try {
    call = findCall(session.commands, words);
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  const answer = carryOut(session, call);
  session.server.endRequest();
  return answer;
}

function reply(session: Session, { command, args }: Call): Reply {
  try {
    return command.run(session, ...args);
  } catch (error) {
    if (error instanceof CommandError) return error;
    // A value beyond what JavaScript can hold, or a bug: this call ends with it, the server goes on.
    return new CommandError(`ERR ${error instanceof Error ? error.message : String(error)}`);
  }
}

function checked(command: Command, name: string, words: readonly string[], nameWords: number): Call {
  const { least, most } = argumentCounts(command);
  const count = words.length - nameWords;
  if (count < least || count > most) throw new ArityError(name);
  return { command, args: words.slice(nameWords), words };
}

interface Counts {
  readonly least: number;
  readonly most: number;
}

const counts = new WeakMap<Command, Counts>();

/** How many arguments a command takes: without limit where some are optional, as Redis counts them. */
function argumentCounts(command: Command): Counts {
  let known = counts.get(command);
  if (known === undefined) {
    const required = command.takes.replace(/\[.*\]/, ' ').match(/\S+/g) ?? [];
    known = { least: required.length, most: command.takes.includes('[') ? Infinity : required.length };
    counts.set(command, known);
  }
  return known;
}

function isContainer(commands: Session['commands'], name: string): boolean {
  return [...commands.keys()].some((key) => key.startsWith(`${name}|`));
}

/** Redis quotes the first 128 bytes of the name, and arguments up to 128 bytes in all. */
function unknownCommand([name = '', ...args]: readonly string[]): string {
  let quoted = '';
  for (const arg of args) {
    if (quoted.length >= 128) break;
    quoted += `'${arg.slice(0, 128 - quoted.length)}' `;
  }
  return `ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${quoted}`;
}
