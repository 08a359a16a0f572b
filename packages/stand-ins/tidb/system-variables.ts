import { SqlError, unsupported } from './sql-error';
import { VERSION, type SystemVariables } from './session-state';
import { toInteger, toText, type Value } from './values/value';

/** What a session may set, with TiDB's defaults (https://docs.pingcap.com/tidb/stable/system-variables). */
const SETTABLE: Readonly<Record<string, Value>> = {
  autocommit: 1n,
  character_set_client: 'utf8mb4',
  character_set_connection: 'utf8mb4',
  character_set_results: 'utf8mb4',
  collation_connection: 'utf8mb4_bin',
  innodb_lock_wait_timeout: 50n,
  interactive_timeout: 28_800n,
  max_execution_time: 0n,
  net_read_timeout: 30n,
  net_write_timeout: 60n,
  sql_mode:
    'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION',
  sql_safe_updates: 0n,
  tidb_txn_mode: 'pessimistic',
  time_zone: 'SYSTEM',
  transaction_isolation: 'REPEATABLE-READ',
  tx_isolation: 'REPEATABLE-READ',
  wait_timeout: 28_800n,
};
const FIXED: Readonly<Record<string, Value>> = {
  auto_increment_increment: 1n,
  character_set_server: 'utf8mb4',
  collation_server: 'utf8mb4_bin',
  license: 'MIT',
  lower_case_table_names: 2n,
  max_allowed_packet: 67_108_864n,
  socket: '',
  system_time_zone: 'UTC',
  version: VERSION,
  version_comment: 'embedded stand-in for TiDB, interprets SQL in memory',
};
const SECONDS = new Set(['innodb_lock_wait_timeout', 'interactive_timeout', 'wait_timeout']);

/** A session's system variables. Settings that would change answers that the stand-in can't give are refused. */
export class SessionVariables implements SystemVariables {
  private readonly values = new Map<string, Value>(Object.entries(SETTABLE));

  get(name: string): Value {
    const value = this.values.get(name) ?? FIXED[name];
    if (value === undefined) throw new SqlError(1193, `Unknown system variable '${name}'`);
    return value;
  }

  entries(): readonly (readonly [string, Value])[] {
    return [...this.values, ...Object.entries(FIXED)].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** @param value undefined for DEFAULT. @throws SqlError 1193, 1238, 1231, and 1235 for what can't be honoured */
  set(name: string, value: Value | undefined): void {
    if (name in FIXED) throw new SqlError(1238, `Variable '${name}' is a read only variable`);
    const initial = SETTABLE[name];
    if (initial === undefined) throw new SqlError(1193, `Unknown system variable '${name}'`);
    this.values.set(name, value === undefined ? initial : checked(name, value, initial));
  }

  /** Whether statements commit by themselves. */
  get autocommit(): boolean {
    return this.get('autocommit') === 1n;
  }

  get readsCommitted(): boolean {
    return this.get('transaction_isolation') === 'READ-COMMITTED';
  }

  get lockWaitMs(): number {
    return Number(this.get('innodb_lock_wait_timeout')) * 1000;
  }
}

function wrongValue(name: string, value: Value): SqlError {
  return new SqlError(
    1231,
    `Variable '${name}' can't be set to the value of '${value === null ? 'NULL' : toText(value)}'`,
  );
}

function checked(name: string, value: Value, initial: Value): Value {
  if (value === null) throw wrongValue(name, value);
  if (name === 'autocommit' || name === 'sql_safe_updates') {
    const text = toText(value).toUpperCase();
    if (!/^(0|1|ON|OFF)$/.test(text)) throw wrongValue(name, value);
    return text === '1' || text === 'ON' ? 1n : 0n;
  }
  if (typeof initial === 'bigint') {
    const number = toInteger(value);
    return SECONDS.has(name) && number < 1n ? 1n : number;
  }
  const text = toText(value);
  if (name === 'sql_mode' && !/STRICT_(TRANS|ALL)_TABLES|TRADITIONAL/.test(text.toUpperCase())) {
    throw unsupported('a sql_mode that is not strict');
  }
  if (name === 'sql_mode' && /ANSI|PIPES_AS_CONCAT|NO_BACKSLASH_ESCAPES/.test(text.toUpperCase())) {
    throw unsupported(`sql_mode ${text}`);
  }
  if (name === 'tidb_txn_mode' && text.toLowerCase() === 'optimistic') throw unsupported('optimistic transactions');
  if (name === 'time_zone' && !/^(SYSTEM|UTC|[-+]00:00)$/i.test(text)) throw unsupported(`time zone ${text}`);
  if (/isolation/.test(name)) return isolation(name, text);
  return text;
}

function isolation(name: string, value: string): string {
  const level = value.toUpperCase().replaceAll(' ', '-');
  if (level === 'REPEATABLE-READ' || level === 'READ-COMMITTED') return level;
  if (level === 'SERIALIZABLE' || level === 'READ-UNCOMMITTED') {
    throw new SqlError(8048, `The isolation level '${level}' is not supported.`); // as TiDB
  }
  throw wrongValue(name, value);
}
