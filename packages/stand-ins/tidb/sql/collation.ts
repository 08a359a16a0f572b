import { unsupported } from './errors';

/** How strings compare. Only TiDB's default is carried out; columns may be declared with others, and not be used. */
export interface Collation {
  readonly name: string;
  /** MySQL's number of the collation, as the protocol sends it. */
  readonly id: number;
  /** SQLite's own of the same order; undefined where there is none. */
  readonly sqlite?: 'RTRIM' | 'NOCASE';
}

/** Trailing spaces don't count: https://docs.pingcap.com/tidb/stable/character-set-and-collation */
export const DEFAULT_COLLATION: Collation = { name: 'utf8mb4_bin', id: 46, sqlite: 'RTRIM' };
/** Of the names in information_schema. */
export const OF_NAMES: Collation = { name: 'utf8mb4_general_ci', id: 45, sqlite: 'NOCASE' };

const COLLATIONS: readonly Collation[] = [
  DEFAULT_COLLATION,
  { name: 'utf8mb4_general_ci', id: 45 },
  { name: 'utf8mb4_unicode_ci', id: 224 },
  { name: 'utf8mb4_0900_ai_ci', id: 255 },
];

/** @throws SqlError 1235 for a collation that isn't known here */
export function collationNamed(name: string): Collation {
  const collation = COLLATIONS.find((known) => known.name === name.toLowerCase());
  if (collation === undefined) throw unsupported(`collation ${name}`);
  return collation;
}

/** The collation of a client's handshake; TiDB's default where the number isn't known. */
export function collationNumbered(id: number): Collation {
  return COLLATIONS.find((known) => known.id === id) ?? DEFAULT_COLLATION;
}

/** @throws SqlError 1235 for a collation that SQLite doesn't have */
export function sqliteCollation({ name, sqlite }: Collation): string {
  if (sqlite === undefined) throw unsupported(`comparing by ${name}`);
  return sqlite;
}
