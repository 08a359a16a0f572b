import { CommandError, QUEUED, type Reply } from '../reply';
import type { Session } from '../session';
import { ArityError, carryOut, UnknownCommandError, type Call, type Command, type CommandTable } from './command';
import { connectionCommands } from './connection-commands';
import { expiryCommands } from './expiry-commands';
import { hashCommands } from './hash-commands';
import { keyCommands } from './key-commands';
import { numberCommands } from './number-commands';
import { scriptCommands } from './script-commands';
import { serverCommands } from './server-commands';
import { sortedSetCommands } from './sorted-set-commands';
import { stringCommands } from './string-commands';
import { transactionCommands } from './transaction-commands';

/** The commands of this server by name in lower case, a subcommand as `command|subcommand`. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  (
    [
      connectionCommands,
      serverCommands,
      stringCommands,
      numberCommands,
      keyCommands,
      expiryCommands,
      hashCommands,
      sortedSetCommands,
      transactionCommands,
      scriptCommands,
    ] satisfies CommandTable[]
  ).flatMap((table: CommandTable) => Object.entries(table)),
);

const CONTAINERS: ReadonlySet<string> = new Set(
  [...COMMANDS.keys()].filter((name) => name.includes('|')).map((name) => name.slice(0, name.indexOf('|'))),
);

/**
 * Finds the command of a request.
 *
 * @param words the name first
 * @throws UnknownCommandError
 * @throws ArityError
 */
export function findCall(words: readonly string[]): Call {
  const [given = '', subcommand] = words;
  let name = given.toLowerCase();
  let nameWords = 1;
  if (subcommand !== undefined && CONTAINERS.has(name)) {
    name += `|${subcommand.toLowerCase()}`;
    nameWords = 2;
  }
  const command = COMMANDS.get(name);
  if (command === undefined) {
    if (CONTAINERS.has(name)) throw new ArityError(name);
    throw new UnknownCommandError(
      nameWords === 2
        ? `ERR unknown subcommand '${words[1]?.slice(0, 128)}'. Try ${given.toUpperCase()} HELP.`
        : unknownCommand(words),
    );
  }
  const fits = command.arity > 0 ? words.length === command.arity : words.length >= -command.arity;
  if (!fits) throw new ArityError(name);
  return { command, args: words.slice(nameWords), words };
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

/** Carries out one request of a client, or queues it in the client's transaction. */
export function execute(session: Session, words: readonly string[]): Reply {
  const { transaction } = session;
  let call: Call;
  try {
    call = findCall(words);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (transaction !== undefined) transaction.broken = true;
    return error;
  }
  if (transaction === undefined || call.command.neverQueued) {
    const reply = carryOut(session, call);
    session.server.endRequest();
    return reply;
  }
  transaction.queue.push(call);
  return QUEUED;
}
