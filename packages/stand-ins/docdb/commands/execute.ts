import { CommandError } from '../errors';
import type { Document } from '../values/document';
import { catalogCommands } from './catalog';
import { checkFields, type Command, type Server, type Session } from './command';
import { handshakeCommands } from './handshake';
import { indexCommands } from './indexes';
import { readCommands } from './read';
import { errorFields } from './reply';
import { writeCommands } from './write';

/** All that this server carries out. The list in README.md is printed from it. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  ...handshakeCommands,
  ...catalogCommands,
  ...indexCommands,
  ...readCommands,
  ...writeCommands,
};

/** Fields by which drivers mark a write that they may send again, and a transaction. */
const TRANSACTION_FIELDS = ['startTransaction', 'autocommit'];

/**
 * Executes a command.
 *
 * @param body the command's fields, its name first, with `$db`
 * @returns the reply: `ok: 1`, or `ok: 0` with the error
 */
export function execute(server: Server, session: Session, body: Document): Document {
  try {
    const [name = ''] = Object.keys(body);
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    refuseTransactions(body);
    if (!command) throw new CommandError(59, `no such command: '${name}'`);
    if (server.scram && !session.authenticated && !command.anonymous) {
      throw new CommandError(13, `Command ${name} requires authentication`);
    }
    checkFields(name, command.fields, body);
    const database = typeof body.$db === 'string' ? body.$db : 'admin';
    return { ...command.run({ server, session, database, argument: body[name], body }), ok: 1 };
  } catch (error) {
    if (error instanceof CommandError) return { ok: 0, ...errorFields(error) };
    // A mistake of this stand-in, or of a library in it: nothing was written, as writes check before they change.
    const message = error instanceof Error ? error.message : String(error);
    return { ok: 0, code: 8, codeName: 'UnknownError', errmsg: `the stand-in failed: ${message}` };
  }
}

/**
 * Refuses what the deployed engine, 5.0, refuses, a retryable write, with its own words and code; and transactions, which
 * this stand-in hasn't.
 */
function refuseTransactions(body: Document): void {
  if (TRANSACTION_FIELDS.some((field) => field in body)) {
    throw new CommandError(263, 'Transactions are not supported by this stand-in');
  }
  if ('txnNumber' in body) throw new CommandError(301, 'Retryable writes are not supported');
}
