import { BINARY } from '../column';

/** MySQL's numbers of the collations that have a name here, as the protocol sends them. */
const NUMBERS: Readonly<Record<string, number>> = {
  [BINARY]: 46,
  utf8mb4_general_ci: 45,
  utf8mb4_unicode_ci: 224,
  utf8mb4_0900_ai_ci: 255,
};

export function numberOf(collation: string): number {
  return NUMBERS[collation] ?? 46;
}

/** The collation of a client's handshake; TiDB's default where the number isn't known. */
export function collationNumbered(number: number): string {
  return Object.keys(NUMBERS).find((name) => NUMBERS[name] === number) ?? BINARY;
}
