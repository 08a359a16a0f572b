import type { Delete, Update } from '../sql/ast';
import type { Table } from '../storage/table';
import type { Plan, Run } from './plan';
import { compileLimit, compileOrder, restrict, RowSource, tableScope } from './row-source';
import { assign, compileAssignments, isSame, touch, writeEnvironment } from './write';

/** @throws SqlError 1054 for unknown columns */
export function planUpdate(statement: Update, table: Table): Plan {
  const rows = lockedRows(statement, table);
  const assignments = compileAssignments(statement.assignments, table, statement.table);
  return {
    columns: [],
    run(run) {
      const environment = writeEnvironment(run);
      const found = rows(run);
      let changedRows = 0;
      for (const { slot, row } of found) {
        const changed = assign(row, assignments, table, environment, false);
        if (isSame(row, changed, table)) continue;
        table.update(run.transaction, row, touch(changed, assignments, table), slot.key);
        changedRows += 1;
      }
      return {
        kind: 'done',
        affectedRows: run.session.state.foundRows ? found.length : changedRows,
        message: `Rows matched: ${found.length}  Changed: ${changedRows}  Warnings: 0`,
      };
    },
  };
}

export function planDelete(statement: Delete, table: Table): Plan {
  const rows = lockedRows(statement, table);
  return {
    columns: [],
    run(run) {
      const found = rows(run);
      for (const { slot, row } of found) table.delete(run.transaction, row, slot.key);
      return { kind: 'done', affectedRows: found.length };
    },
  };
}

/** The rows that the statement is about, all found and locked before the first is changed. */
function lockedRows(statement: Update | Delete, table: Table) {
  const source = new RowSource(table, statement.table, statement.where);
  const order = compileOrder(statement.orderBy, tableScope(table, statement.table, 'order clause'));
  const limit = compileLimit(statement.limit);
  return (run: Run) => {
    const environment = writeEnvironment(run);
    return restrict([...source.find(run.transaction, environment, 'lock')], order, limit, environment);
  };
}
