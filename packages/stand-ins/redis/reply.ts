/**
 * What a command answers, before it is encoded. Text is a *binary string* everywhere in this server: one character per
 * byte (latin1), so that keys and values hold any bytes and still are plain JavaScript strings.
 *
 * A string is a bulk string, a number or bigint an integer, null the null bulk string, an array an array.
 */
export type Reply = string | number | bigint | null | Status | CommandError | readonly Reply[];

/** A simple string, such as OK. */
export class Status {
  constructor(readonly text: string) {}
}

/** An error reply. Commands throw it; inside an array (a script's table) it is one of the elements. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export const OK = new Status('OK');
export const PONG = new Status('PONG');

export function syntaxError(): CommandError {
  return new CommandError('ERR syntax error');
}
