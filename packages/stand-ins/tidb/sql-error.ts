/** SQLSTATE by error number (TiDB docs "Error Codes and Troubleshooting", MySQL "Server Error Message Reference"). */
const SQL_STATES: Readonly<Record<number, string>> = {
  1045: '28000',
  1046: '3D000',
  1048: '23000',
  1049: '42000',
  1050: '42S01',
  1051: '42S02',
  1054: '42S22',
  1062: '23000',
  1064: '42000',
  1136: '21S01',
  1146: '42S02',
  1213: '40001',
  1235: '42000',
  1264: '22003',
  1292: '22007',
  1305: '42000',
  1365: '22012',
  1406: '22001',
  1690: '22003',
  3140: '22032',
  3143: '42000',
};

/** An error that the client gets as an ERR packet, with MySQL's number and SQLSTATE. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly sqlState: string;

  /** @param code MySQL's or TiDB's error number, such as 1062 */
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.sqlState = SQL_STATES[code] ?? 'HY000';
  }
}

/** TiDB would carry this out, the stand-in does not: error 1235 names the feature. */
export function unsupported(feature: string): SqlError {
  return new SqlError(1235, `The embedded TiDB doesn't yet support '${feature}'`);
}

export function syntaxError(detail: string): SqlError {
  return new SqlError(
    1064,
    `You have an error in your SQL syntax (or one that the embedded TiDB can't parse); ${detail}`,
  );
}

/** @param place where the name was looked for, such as `field list` */
export function unknownColumn(name: string, place: string): SqlError {
  return new SqlError(1054, `Unknown column '${name}' in '${place}'`);
}

export function noSuchTable(database: string, table: string): SqlError {
  return new SqlError(1146, `Table '${database}.${table}' doesn't exist`);
}

export function unknownDatabase(database: string): SqlError {
  return new SqlError(1049, `Unknown database '${database}'`);
}

export function outOfRange(type: string, expression: string): SqlError {
  return new SqlError(1690, `${type} value is out of range in '${expression}'`);
}
