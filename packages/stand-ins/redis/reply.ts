/**
 * What a command answers, before it is encoded. Text is a *binary string* everywhere in this server: one character per
 * byte (latin1), so that keys and values hold any bytes and still are plain JavaScript strings.
 *
 * A string is a bulk string, a number or bigint an integer, null the null bulk string, an array an array.
 */
export type Reply =
  | string
  | number
  | bigint
  | null
  | Status
  | CommandError
  | DoubleReply
  | MapReply
  | VerbatimReply
  | NullArray
  | readonly Reply[];

/** A simple string, such as OK. */
export class Status {
  constructor(readonly text: string) {}
}

/** An error reply. Commands throw it; inside an array (EXEC, a script's table) it is one of the elements. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** A floating point number: a bulk string in RESP2. */
export class DoubleReply {
  constructor(readonly value: number) {}
}

/** Pairs: a flat array in RESP2. */
export class MapReply {
  constructor(readonly entries: readonly (readonly [Reply, Reply])[]) {}
}

/** Plain text for people: a bulk string in RESP2. */
export class VerbatimReply {
  constructor(readonly text: string) {}
}

/** The answer of EXEC to a transaction whose watched keys have changed. */
export class NullArray {
  readonly kind = 'null-array';
}

export const OK = new Status('OK');
export const QUEUED = new Status('QUEUED');
export const PONG = new Status('PONG');
export const NULL_ARRAY = new NullArray();
