import type { Collation } from './values/collation';
import type { Value } from './values/value';

/** What expressions see of the connection that they run for. */
export interface SessionState {
  readonly connectionId: number;
  readonly user: string;
  database: string | undefined;
  /** How literals compare with each other. */
  collation: Collation;
  /** Counts rows that an UPDATE finds rather than changes (CLIENT_FOUND_ROWS). */
  readonly foundRows: boolean;
  /** Of the statements before: what LAST_INSERT_ID() returns. */
  lastInsertId: bigint;
  /** Of this statement: set by LAST_INSERT_ID(expr), for the OK packet and the statements after. */
  statementInsertId: bigint;
  /** What ROW_COUNT() returns. */
  rowCount: bigint;
  readonly userVariables: Map<string, Value>;
  readonly systemVariables: SystemVariables;
}

export interface SystemVariables {
  /** @throws SqlError 1193 for one that isn't known here */
  get(name: string): Value;
}

export const VERSION = '8.0.11-TiDB-v8.5.0-embedded';
