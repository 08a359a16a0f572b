import { SqlError, unsupported } from '../errors';
import type { Session } from '../session';
import type { Cursor } from '../sql/cursor';
import { DONE, type Plan } from './plan';

/** Statements about the session itself. */
export const CONTROL = new Map<string, (cursor: Cursor, session: Session) => () => void>([
  ['BEGIN', (_, session) => () => session.begin()],
  ['START', start],
  ['COMMIT', (_, session) => () => session.commit()],
  ['ROLLBACK', (_, session) => () => session.rollback()],
  ['SET', set],
  ['USE', use],
]);

/** @throws SqlError 1235 for what isn't carried out here */
export function planControl(verb: string, cursor: Cursor, session: Session): Plan {
  const act = CONTROL.get(verb)?.(cursor, session);
  cursor.end();
  const run = (): typeof DONE => {
    act?.();
    return DONE;
  };
  return { run };
}

function start(cursor: Cursor, session: Session): () => void {
  cursor.expect('TRANSACTION');
  return () => session.begin();
}

function use(cursor: Cursor, session: Session): () => void {
  const name = cursor.name();
  return () => session.use(name);
}

/** SET of one variable or more. @throws SqlError 1231 for a wrong value, 1235 for a variable that isn't here */
function set(cursor: Cursor, session: Session): () => void {
  cursor.accepts('SESSION');
  const settings = cursor.list(() => {
    const name = cursor.token?.text.toLowerCase() ?? '';
    if (name !== 'autocommit' && name !== 'innodb_lock_wait_timeout') throw unsupported(`SET ${name}`);
    cursor.position += 1;
    cursor.expect('=');
    const value = String(cursor.acceptsOneOf('ON', 'OFF') ?? cursor.literal());
    const isRight = name === 'autocommit' ? /^(0|1|ON|OFF)$/ : /^\d+$/;
    if (!isRight.test(value)) throw new SqlError(1231, `Variable '${name}' can't be set to the value of '${value}'`);
    return () => {
      if (name === 'autocommit') session.setAutocommit(value === '1' || value === 'ON');
      else session.lockWaitMs = Math.max(1, Number(value)) * 1000;
    };
  });
  return () => settings.forEach((setOne) => setOne());
}
