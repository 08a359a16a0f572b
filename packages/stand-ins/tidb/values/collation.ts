import { unsupported } from '../sql-error';

/** How strings of a character set compare: two are equal where their keys are. */
export interface Collation {
  readonly name: string;
  readonly charset: string;
  /** MySQL's number of the collation, as the protocol sends it. */
  readonly id: number;
  /** The text by which strings compare, code unit by code unit. */
  key(text: string): string;
}

const padSpace = (text: string) => (text.endsWith(' ') ? text.replace(/ +$/, '') : text);
/** Letters without case and accents; exact for Latin, Greek and Cyrillic, near it elsewhere. */
const fold = (text: string) =>
  /^[\x20-\x7e]*$/.test(text) ? text.toUpperCase() : text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
const foldByCharacter = (text: string) =>
  Array.from(text, (character) => Array.from(fold(character))[0] ?? '').join('');

/**
 * The collations that are known, as TiDB pads them with its new collation framework, on since v6.0: of these, only
 * `binary`, `utf8mb4_0900_bin` and `utf8mb4_0900_ai_ci` see trailing spaces.
 *
 * @see https://docs.pingcap.com/tidb/stable/sql-statement-show-collation Pad_attribute
 */
const COLLATIONS: readonly Collation[] = [
  { name: 'binary', charset: 'binary', id: 63, key: (text) => text },
  { name: 'utf8mb4_bin', charset: 'utf8mb4', id: 46, key: padSpace },
  { name: 'utf8mb4_0900_bin', charset: 'utf8mb4', id: 309, key: (text) => text },
  { name: 'utf8mb4_general_ci', charset: 'utf8mb4', id: 45, key: (text) => foldByCharacter(padSpace(text)) },
  { name: 'utf8mb4_unicode_ci', charset: 'utf8mb4', id: 224, key: (text) => fold(padSpace(text)) },
  { name: 'utf8mb4_0900_ai_ci', charset: 'utf8mb4', id: 255, key: fold },
  { name: 'utf8_bin', charset: 'utf8', id: 83, key: padSpace },
  { name: 'utf8_general_ci', charset: 'utf8', id: 33, key: (text) => foldByCharacter(padSpace(text)) },
  { name: 'utf8_unicode_ci', charset: 'utf8', id: 192, key: (text) => fold(padSpace(text)) },
  { name: 'ascii_bin', charset: 'ascii', id: 65, key: padSpace },
  { name: 'latin1_bin', charset: 'latin1', id: 47, key: padSpace },
];
const BY_NAME = new Map(COLLATIONS.map((collation) => [collation.name, collation]));
const BY_ID = new Map(COLLATIONS.map((collation) => [collation.id, collation]));

/** @throws SqlError 1235 for a collation that isn't known here */
export function collationNamed(name: string): Collation {
  const collation = BY_NAME.get(name.toLowerCase());
  if (collation === undefined) throw unsupported(`collation ${name}`);
  return collation;
}

export const BINARY = collationNamed('binary');
/** TiDB's default, where MySQL has a case-insensitive one. */
export const DEFAULT_COLLATION = collationNamed('utf8mb4_bin');

/** The collation of a client's handshake; TiDB's default where the number isn't known. */
export function collationNumbered(id: number): Collation {
  return BY_ID.get(id) ?? DEFAULT_COLLATION;
}

/** TiDB's default collation of a character set. @throws SqlError 1235 for a character set that isn't known here */
export function collationOf(charset: string): Collation {
  return charset.toLowerCase() === 'binary' ? BINARY : collationNamed(`${charset.toLowerCase()}_bin`);
}
