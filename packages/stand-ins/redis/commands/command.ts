import { CommandError, type Reply } from '../reply';
import type { Session } from '../session';

/** A command, or a subcommand, which the tables name `command|subcommand`. */
export interface Command {
  /** How many words a call has, the name included; negative: at least so many. */
  readonly arity: number;
  /**
   * Carries it out. Whoever calls has checked the arity, so the required arguments are there.
   *
   * @param args the words after the name; of a subcommand those after its own
   * @throws CommandError the error reply
   */
  readonly run: (session: Session, ...args: string[]) => Reply;
  /** It may change data. */
  readonly writes?: boolean;
  /** Scripts may not call it. */
  readonly refusedInScripts?: boolean;
  /** It runs at once between MULTI and EXEC. */
  readonly neverQueued?: boolean;
  /** Which words are keys, for COMMAND: the first, the last (negative: from the end) and the step. */
  readonly keys?: readonly [first: number, last: number, step: number];
}

export type CommandTable = Readonly<Record<string, Command>>;

/** One request: a command with its arguments. */
export interface Call {
  readonly command: Command;
  readonly args: readonly string[];
  /** As they came, the name first. */
  readonly words: readonly string[];
}

export const ONE_KEY = [1, 1, 1] as const;
export const ALL_KEYS = [1, -1, 1] as const;

/** The request names no command of this server. */
export class UnknownCommandError extends CommandError {}

/** The request has too few or too many words. */
export class ArityError extends CommandError {
  constructor(name: string) {
    super(`ERR wrong number of arguments for '${name}' command`);
  }
}

export function syntaxError(): CommandError {
  return new CommandError('ERR syntax error');
}

/** Carries out a call; what it throws becomes the reply. */
export function carryOut(session: Session, call: Call): Reply {
  return call.command.writes ? session.server.writing(session, call, () => reply(session, call)) : reply(session, call);
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
