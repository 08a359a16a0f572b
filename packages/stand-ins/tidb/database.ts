import { Catalog } from './catalog';
import type { Row, Table } from './table';
import { Turn } from './turn';

/** A row that was written, and what it was before. */
export interface Change {
  readonly table: Table;
  readonly number: number;
  readonly before: Row | undefined;
}

/** All of the stand-in's data, and whose turn it is to use it. */
export class Database {
  readonly catalog = new Catalog();
  readonly turn = new Turn();
  /** Told of the rows that are committed, and of each statement that changes the schema. */
  onCommit: ((changes: readonly Change[]) => void) | undefined;
  onDefinition: ((sql: string, database: string | undefined) => void) | undefined;
  /** What was written since the last commit, in order. */
  private changes: Change[] = [];

  /** @throws SqlError 1062, nothing done */
  write(table: Table, number: number, row: Row | undefined): void {
    const before = table.rows.get(number);
    table.put(number, row);
    this.changes.push({ table, number, before });
  }

  /** A point to go back to by `undo`. */
  mark(): number {
    return this.changes.length;
  }

  undo(mark = 0): void {
    for (const { table, number, before } of this.changes.splice(mark).reverse()) table.put(number, before);
  }

  /** Keeps what was written, and hands it to whoever keeps it longer. */
  commit(): void {
    if (this.changes.length === 0) return;
    this.onCommit?.(this.changes);
    this.changes = [];
  }
}
