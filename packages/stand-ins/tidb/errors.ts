/** SQLSTATE of the errors whose class clients look at (MySQL, "Server Error Message Reference"); HY000 for others. */
const SQL_STATES: Readonly<Record<string, readonly number[]>> = {
  '21S01': [1136],
  '22001': [1406],
  '22003': [1264, 1690],
  '22012': [1365],
  '23000': [1048, 1062],
  '28000': [1045],
  '3D000': [1046],
  '42000': [1044, 1049, 1064, 1065, 1110, 1235],
  '42S01': [1050],
  '42S02': [1051, 1146],
  '42S21': [1060],
  '42S22': [1054],
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
    this.sqlState = Object.entries(SQL_STATES).find(([, codes]) => codes.includes(code))?.[0] ?? 'HY000';
  }
}

/** TiDB would carry this out, the stand-in does not: error 1235 names the feature. */
export function unsupported(feature: string): SqlError {
  return new SqlError(1235, `The embedded TiDB doesn't yet support '${feature}'`);
}

export function syntaxError(rest: string): SqlError {
  const text = 'You have an error in your SQL syntax (or one that the embedded TiDB cannot parse)';
  return new SqlError(1064, `${text}; near '${rest.slice(0, 80)}'`);
}
