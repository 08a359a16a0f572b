/** A statement and what it must give. Without `rows`, `affected` and `error` it must only succeed. */
export interface Step {
  readonly sql: string;
  /** With them the statement is prepared and executed, otherwise sent as text. */
  readonly parameters?: readonly (string | number | null)[];
  /** Rows in order, values as text. */
  readonly rows?: readonly (readonly unknown[])[];
  /** Affected rows, without CLIENT_FOUND_ROWS. */
  readonly affected?: number;
  /** The id in the OK packet. */
  readonly insertId?: number;
  /** MySQL's error number. */
  readonly error?: number;
  /** Why MariaDB gives something else than TiDB: the step's result is not compared there. */
  readonly unlikeMariaDb?: string;
}

export interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
}

const COUNTERS =
  'CREATE TABLE counters (id VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY, v BIGINT NOT NULL)';
const UPSERT =
  'INSERT INTO counters VALUES (?, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE v = IF(v < ?, LAST_INSERT_ID(v + 1), v)';
/** Adds the second parameter where the row is at most the third. */
const STEP =
  'INSERT INTO counters VALUES (?, LAST_INSERT_ID(CAST(? AS SIGNED))) ON DUPLICATE KEY UPDATE ' +
  'v = IF(v <= ?, CAST(LAST_INSERT_ID(v + VALUES(v)) AS SIGNED), v)';
/** Counts an entry once, as long as the two newest hold it; the counter's assignment sees the new entries. */
const RING =
  "INSERT INTO rings VALUES (?, LAST_INSERT_ID(1), CONCAT('|', ?, '=0001'), 0) ON DUPLICATE KEY UPDATE " +
  "recent = IF(LOCATE(CONCAT('|', ?, '='), recent) = 0 AND v < ?, " +
  "CONCAT('|', ?, '=', LPAD(HEX(v + 1), 4, '0'), LEFT(recent, 7)), recent), " +
  "v = IF(LEFT(recent, 7) = CONCAT('|', ?, '=', LPAD(HEX(v + 1), 4, '0')), LAST_INSERT_ID(v + 1), v)";
const ring = (key: string, max: number) => ['a', key, key, max, key, key];

const select = (sql: string, ...row: unknown[]): Step => ({ sql: `SELECT ${sql}`, rows: [row] });
const fails = (sql: string, error: number, unlikeMariaDb?: string): Step =>
  unlikeMariaDb === undefined ? { sql, error } : { sql, error, unlikeMariaDb };

/** The one table of statements: run on the embedded TiDB always, and on the server of TIDB_URL when it is set. */
export const CASES: readonly Case[] = [
  {
    name: 'evaluates operators by their precedence',
    steps: [
      select('1 AND 0 OR 1', 1),
      select('0 OR 1 AND 0', 0),
      select('(1 OR 1) AND 0', 0),
      select('NOT 1 = 2', 1),
      select('NOT (1) = 2, NOT (1 = 1) OR 1', 1, 1),
      select('2 + 3 * 4 - 1, 10 - 3 - 2, -2 * -3, (2 + 3) * 4, -(2 + 3)', 13, 5, 6, 20, -5),
      select('5 BETWEEN 1 + 1 AND 3 * 2 AND 1, 5 NOT BETWEEN 6 AND 9', 1, 1),
      select("'a' = 'a' || 0", 1),
      select('1 < 2 < 3, 1 = 1 = 0', 1, 0),
      select('3 IN (1, 2, 3) AND 4 NOT IN (1, 2)', 1),
    ],
  },
  {
    name: 'knows three truth values',
    steps: [
      select('NULL = NULL, NULL <> 1, NULL AND 0, NULL AND 1, NULL OR 1, NULL OR 0', null, null, 0, null, 1, null),
      select('NOT NULL, NULL IS NULL, 1 IS NOT NULL, NOT NULL IS NULL', null, 1, 1, 0),
      select('1 IN (2, NULL), 1 IN (1, NULL), 1 NOT IN (2, NULL), NULL IN (1)', null, 1, null, null),
      select('NULL + 1, CONCAT(1, NULL), NULL BETWEEN 1 AND 2', null, null, null),
      select('IF(NULL, 1, 2), IFNULL(NULL, 3), COALESCE(NULL, NULL, 4)', 2, 3, 4),
      select('CAST(LAST_INSERT_ID(-2) AS SIGNED), CAST(-7 AS SIGNED), CAST(NULL AS SIGNED)', -2, -7, null),
      select('CAST(-7 AS CHAR)', '-7'),
      select(
        "CAST('-7' AS SIGNED), CAST('007' AS SIGNED), CAST('999999999999999999' AS SIGNED)",
        -7,
        7,
        '999999999999999999',
      ),
    ],
  },
  {
    name: 'counts exactly up to the ends of BIGINT and refuses to go past them',
    steps: [
      select(
        '9007199254740992 + 1, 9007199254740993, 9223372036854775806 + 1',
        '9007199254740993',
        '9007199254740993',
        '9223372036854775807',
      ),
      select('-9223372036854775808, -9223372036854775807 - 1', '-9223372036854775808', '-9223372036854775808'),
      fails('SELECT 9223372036854775807 + 1', 1690),
      fails('SELECT -9223372036854775807 - 2', 1690),
      fails('SELECT 9223372036854775807 * 2', 1690),
      select('9223372036854775808, 18446744073709551615', '9223372036854775808', '18446744073709551615'),
      fails('SELECT 18446744073709551615 + 1', 1690),
      { sql: COUNTERS },
      { sql: "INSERT INTO counters VALUES ('max', 9223372036854775807)", affected: 1 },
      fails("UPDATE counters SET v = v + 1 WHERE id = 'max'", 1690),
      fails("INSERT INTO counters VALUES ('more', 9223372036854775808)", 1264),
      fails("INSERT INTO counters VALUES ('max', 1) ON DUPLICATE KEY UPDATE v = v + 1", 1690),
      { sql: 'SELECT * FROM counters', rows: [['max', '9223372036854775807']] },
    ],
  },
  {
    name: 'reads the literals as written',
    steps: [
      select(
        String.raw`'it''s', 'it\'s', "say ""hi""", 'back\\slash', 'tab\tend', 'new\nline', 'per\%cent'`,
        "it's",
        "it's",
        'say "hi"',
        'back\\slash',
        'tab\tend',
        'new\nline',
        'per\\%cent',
      ),
      select("'a' 'b', '', ' pad ', 'é😀'", 'ab', '', ' pad ', 'é😀'),
      select("1 /* comment */ + /* 'x' */ 1 -- end", 2),
      select("LENGTH('é😀'), CHAR_LENGTH('é😀'), LEFT('hello', 2)", 6, 2, 'he'),
    ],
  },
  {
    name: 'increments a counter up to its limit in one statement',
    steps: [
      { sql: COUNTERS },
      { sql: UPSERT, parameters: ['a', 3], affected: 1, insertId: 1 },
      { sql: UPSERT, parameters: ['a', 3], affected: 2, insertId: 2 },
      { sql: UPSERT, parameters: ['a', '3'], affected: 2, insertId: 3 },
      { sql: UPSERT, parameters: ['a', 3], affected: 0 },
      { sql: UPSERT, parameters: ['A', 3], affected: 1, insertId: 1 },
      { sql: UPSERT, parameters: ['a', 9007199254740991], affected: 2, insertId: 4 },
      { sql: 'UPDATE counters SET v = 9007199254740989', affected: 2 },
      { sql: UPSERT, parameters: ['a', '9007199254740991'], affected: 2, insertId: 9007199254740990 },
      { sql: UPSERT, parameters: ['a', '9007199254740991'], affected: 2, insertId: 9007199254740991 },
      { sql: UPSERT, parameters: ['a', '9007199254740991'], affected: 0 },
      { sql: "SELECT v FROM counters WHERE id = 'a'", rows: [['9007199254740991']] },
    ],
  },
  {
    name: 'adds what the row would have been, all or nothing, in one statement',
    steps: [
      { sql: COUNTERS },
      { sql: STEP, parameters: ['a', '3', '7'], affected: 1, insertId: 3 },
      { sql: STEP, parameters: ['a', '4', '6'], affected: 2, insertId: 7 },
      { sql: STEP, parameters: ['a', '4', '6'], affected: 0 },
      { sql: STEP, parameters: ['a', '3', '7'], affected: 2, insertId: 10 },
      { sql: 'UPDATE counters SET v = 9007199254740989', affected: 1 },
      { sql: STEP, parameters: ['a', '3', '9007199254740988'], affected: 0 },
      { sql: STEP, parameters: ['a', '2', '9007199254740989'], affected: 2, insertId: 9007199254740991 },
      { sql: 'SELECT v FROM counters', rows: [['9007199254740991']] },
    ],
  },
  {
    name: 'has the insert id without a sign, and refuses it as a value below 0',
    steps: [
      { sql: COUNTERS },
      { sql: "INSERT INTO counters VALUES ('a', -3), ('b', -1)", affected: 2 },
      { sql: UPSERT, parameters: ['a', '10'], error: 1264 },
      { sql: "SELECT v FROM counters WHERE id = 'a'", rows: [['-3']] },
      { sql: UPSERT, parameters: ['b', '10'], affected: 2, insertId: 0 },
      select('LAST_INSERT_ID(-2)', '18446744073709551614'),
      select('LAST_INSERT_ID()', '18446744073709551614'),
      select('LAST_INSERT_ID(-2) < 3 OR 1', 1),
    ],
  },
  {
    name: 'works on texts by their characters',
    steps: [
      select("CONCAT('a', 1, 'é'), CONCAT('a', NULL)", 'a1é', null),
      select("LEFT('é😀x', 2), LEFT('abc', 0), LEFT('abc', -1)", 'é😀', '', ''),
      select("RIGHT('xé😀', 2), RIGHT('😀é', 1), RIGHT('abc', 9), RIGHT('abc', 0)", 'é😀', 'é', 'abc', ''),
      select("LOCATE('l', 'hello'), LOCATE('', 'abc'), LOCATE('z', 'abc'), LOCATE('b', '😀b')", 3, 1, 0, 2),
      select("LOCATE('A', 'a'), 'a' = 'a '", 0, 1),
      select("LPAD(HEX(-1), 20, '0'), LPAD('abc', 2, 'x'), LPAD('7', 4, 'ab')", '0000FFFFFFFFFFFFFFFF', 'ab', 'aba7'),
      select("HEX('é'), HEX(255), CHAR_LENGTH('a\\0b'), LENGTH(12)", 'C3A9', 'FF', 3, 2),
    ],
  },
  {
    name: 'keeps a ring of entries beside a counter in one statement',
    steps: [
      { sql: 'CREATE TABLE rings (id VARCHAR(128) PRIMARY KEY, v BIGINT, recent VARCHAR(64), seen BIGINT)' },
      { sql: RING, parameters: ring('x', 3), affected: 1, insertId: 1 },
      { sql: RING, parameters: ring('x', 3), affected: 0 },
      { sql: RING, parameters: ring('y', 3), affected: 2, insertId: 2 },
      { sql: RING, parameters: ring('z', 3), affected: 2, insertId: 3 },
      { sql: RING, parameters: ring('w', 3), affected: 0 },
      { sql: "SELECT v, recent FROM rings WHERE id = 'a'", rows: [['3', '|z=0003|y=0002']] },
    ],
  },
  {
    name: 'gives a table that has rows another column',
    steps: [
      { sql: COUNTERS },
      { sql: "INSERT INTO counters VALUES ('a', 1), ('b', 2)", affected: 2 },
      { sql: 'ALTER TABLE counters ADD COLUMN seen BIGINT NULL' },
      { sql: 'ALTER TABLE counters ADD note TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin' },
      fails('ALTER TABLE counters ADD COLUMN Seen INT', 1060),
      fails('ALTER TABLE nope ADD COLUMN seen INT', 1146),
      { sql: "INSERT INTO counters (id, v) VALUES ('c', 3)", affected: 1 },
      { sql: "UPDATE counters SET seen = 7, note = 'x' WHERE id = 'b' AND note IS NULL", affected: 1 },
      {
        sql: 'SELECT * FROM counters ORDER BY id',
        rows: [
          ['a', '1', null, null],
          ['b', '2', '7', 'x'],
          ['c', '3', null, null],
        ],
      },
      fails("INSERT INTO counters (id, v) VALUES ('a', 9)", 1062),
      {
        sql:
          'SELECT column_name, data_type, character_maximum_length, is_nullable FROM information_schema.columns ' +
          "WHERE table_schema = DATABASE() AND table_name = 'counters' ORDER BY ordinal_position",
        rows: [
          ['id', 'varchar', '128', 'NO'],
          ['v', 'bigint', null, 'NO'],
          ['seen', 'bigint', null, 'YES'],
          ['note', 'text', '65535', 'YES'],
        ],
      },
    ],
  },
  {
    name: 'holds 65,535 bytes in a TEXT',
    steps: [
      { sql: 'CREATE TABLE notes (id INT PRIMARY KEY, note TEXT)' },
      { sql: 'INSERT INTO notes VALUES (1, ?)', parameters: ['x'.repeat(65_535)], affected: 1 },
      { sql: 'INSERT INTO notes VALUES (2, ?)', parameters: [`é${'x'.repeat(65_534)}`], error: 1406 },
      {
        sql: 'SELECT id, CHAR_LENGTH(note), LEFT(note, 2), RIGHT(note, 2) FROM notes',
        rows: [[1, 65_535, 'xx', 'xx']],
      },
      {
        sql: 'UPDATE notes SET note = LEFT(note, CHAR_LENGTH(note) - CHAR_LENGTH(?)) WHERE id = 1 AND RIGHT(note, CHAR_LENGTH(?)) = ?',
        parameters: ['xyz', 'xyz', 'xyz'],
        affected: 0,
      },
      {
        sql: 'UPDATE notes SET note = LEFT(note, CHAR_LENGTH(note) - CHAR_LENGTH(?)) WHERE id = 1 AND RIGHT(note, CHAR_LENGTH(?)) = ?',
        parameters: ['xxx', 'xxx', 'xxx'],
        affected: 1,
      },
      { sql: 'SELECT LENGTH(note) FROM notes', rows: [[65_532]] },
    ],
  },
  {
    name: 'assigns from left to right on a duplicate key, and sees the proposed row by VALUES()',
    steps: [
      { sql: 'CREATE TABLE pairs (v BIGINT, w BIGINT, name VARCHAR(10) NOT NULL, PRIMARY KEY (name))' },
      { sql: "INSERT INTO pairs VALUES (1, 10, 'x')", affected: 1 },
      {
        sql: "INSERT INTO pairs (name, w, v) VALUES ('x', 5, 6) ON DUPLICATE KEY UPDATE v = v + 1, w = v * 100 + VALUES(w)",
        affected: 2,
      },
      { sql: 'SELECT name, v, w FROM pairs', rows: [['x', '2', '205']] },
      { sql: "INSERT INTO pairs (name, v) VALUES ('x', 2) ON DUPLICATE KEY UPDATE v = VALUES(v)", affected: 0 },
      {
        sql: "INSERT INTO pairs (name, v) VALUES ('x', 9), ('y', 1), ('x', 4) ON DUPLICATE KEY UPDATE v = VALUES(v)",
        affected: 5,
      },
      {
        sql: 'SELECT name, v FROM pairs ORDER BY name',
        rows: [
          ['x', '4'],
          ['y', '1'],
        ],
      },
    ],
  },
  {
    name: "sees a row's old values in every assignment of an UPDATE",
    steps: [
      { sql: 'CREATE TABLE pairs (a INT, b INT)' },
      { sql: 'INSERT INTO pairs VALUES (1, 2)' },
      { sql: 'UPDATE pairs SET a = a + 1, b = a', affected: 1 },
      {
        sql: 'SELECT a, b FROM pairs',
        rows: [[2, 1]],
        unlikeMariaDb: 'MySQL assigns from left to right: https://docs.pingcap.com/tidb/stable/sql-statement-update',
      },
    ],
  },
  {
    name: 'keeps the last insert id per connection',
    steps: [
      select('LAST_INSERT_ID()', 0),
      select('LAST_INSERT_ID(7)', 7),
      select('LAST_INSERT_ID()', 7),
      { sql: 'CREATE TABLE numbers (id INT, v INT)' },
      { sql: 'INSERT INTO numbers VALUES (1, 3)', affected: 1, insertId: 0 },
      select('LAST_INSERT_ID()', 7),
      { sql: 'UPDATE numbers SET v = LAST_INSERT_ID(v + 40) WHERE id = 1', affected: 1, insertId: 43 },
      select('LAST_INSERT_ID()', 43),
      { sql: 'SELECT LAST_INSERT_ID(0)' },
      {
        sql: 'SELECT LAST_INSERT_ID()',
        rows: [[43]],
        unlikeMariaDb: 'TiDB keeps the id before when the argument is 0 (pkg/executor, ResetContextOfStmt)',
      },
    ],
  },
  {
    name: 'refuses wrong values as in strict mode, and leaves nothing behind',
    steps: [
      {
        sql: 'CREATE TABLE strict_ones (id VARCHAR(3) NOT NULL PRIMARY KEY, n INT, t TINYINT, must INT NOT NULL)',
      },
      fails("INSERT INTO strict_ones (id, must) VALUES ('abcd', 1)", 1406),
      fails("INSERT INTO strict_ones (id, n, must) VALUES ('a', 2147483648, 1)", 1264),
      fails("INSERT INTO strict_ones (id, t, must) VALUES ('a', 128, 1)", 1264),
      fails("INSERT INTO strict_ones (id, n, must) VALUES ('a', 'x', 1)", 1366),
      fails("INSERT INTO strict_ones (id, n, must) VALUES ('a', '12x', 1)", 1265),
      fails("INSERT INTO strict_ones (id) VALUES ('a')", 1364),
      fails("INSERT INTO strict_ones (id, must) VALUES ('a', NULL)", 1048),
      fails("INSERT INTO strict_ones (id, must) VALUES ('a')", 1136),
      fails("INSERT INTO strict_ones (id, id, must) VALUES ('a', 'b', 1)", 1110),
      fails("INSERT INTO strict_ones (id, must) VALUES ('a', 1), ('b', 1), ('a', 2)", 1062),
      { sql: 'SELECT COUNT(*) FROM strict_ones', rows: [[0]] },
      { sql: "INSERT INTO strict_ones VALUES ('a', '7', '2.5', TRUE)", affected: 1 },
      { sql: 'INSERT INTO strict_ones VALUES (?, ?, ?, ?)', parameters: ['b', '-2.5', 3, '+4'], affected: 1 },
      {
        sql: 'SELECT * FROM strict_ones',
        rows: [
          ['a', 7, 3, 1],
          ['b', -3, 3, 4],
        ],
      },
    ],
  },
  {
    name: 'names what is missing',
    steps: [
      { sql: COUNTERS },
      fails('SELECT nope FROM counters', 1054),
      fails('SELECT counters.nope FROM counters', 1054),
      fails('SELECT id FROM counters WHERE nope = 1', 1054),
      fails('SELECT id FROM counters ORDER BY nope', 1054),
      fails('SELECT id FROM counters ORDER BY 2', 1054),
      fails('UPDATE counters SET nope = 1', 1054),
      fails('INSERT INTO counters (nope) VALUES (1)', 1054),
      fails('SELECT * FROM nope', 1146),
      fails('INSERT INTO nope VALUES (1)', 1146),
      fails('SELECT * FROM nodb.nope', 1146, 'MariaDB says 1146 or 1049 by version'),
      fails('USE nodb', 1049),
      fails('DROP TABLE nope', 1051),
      fails('DROP DATABASE nodb', 1008),
      fails('CREATE TABLE counters (id INT)', 1050),
      fails('SELEC 1', 1064),
      fails('SELECT 1 +', 1064),
      fails("SELECT 'open", 1064),
      fails('SELECT IF(1, 2)', 1582, 'MariaDB: 1064'),
      fails('SELECT * FROM counters WHERE COUNT(*) > 1', 1111),
      { sql: 'DROP TABLE IF EXISTS nope' },
      { sql: 'CREATE TABLE IF NOT EXISTS counters (other INT)' },
      { sql: 'SELECT id FROM counters', rows: [] },
    ],
  },
  {
    name: 'selects, sorts, counts and cuts',
    steps: [
      { sql: 'CREATE TABLE votes (id INT NOT NULL PRIMARY KEY, who VARCHAR(10), n BIGINT)' },
      {
        sql: "INSERT INTO votes (n, id, who) VALUES (5, 1, 'b'), (3, 2, 'a'), (NULL, 3, 'b'), (8, 4, 'A')",
        affected: 4,
      },
      { sql: 'SELECT id FROM votes ORDER BY n DESC, id', rows: [[4], [1], [2], [3]] },
      { sql: 'SELECT id FROM votes ORDER BY n LIMIT 2', rows: [[3], [2]] },
      {
        sql: 'SELECT id, n FROM votes ORDER BY 2, 1 LIMIT 1, 2',
        rows: [
          [2, '3'],
          [1, '5'],
        ],
      },
      { sql: 'SELECT id FROM votes ORDER BY id LIMIT 1 OFFSET 3', rows: [[4]] },
      { sql: 'SELECT v.id AS x FROM votes AS v WHERE v.n + 1 > 5 ORDER BY x', rows: [[1], [4]] },
      { sql: 'SELECT COUNT(*), COUNT(n), MIN(n), MAX(n), MIN(who) FROM votes', rows: [[4, 3, '3', '8', 'A']] },
      { sql: 'SELECT COUNT(*), MAX(n) FROM votes WHERE id > 9', rows: [[0, null]] },
      {
        sql: 'SELECT id, who FROM votes ORDER BY who DESC, id LIMIT 2',
        rows: [
          [1, 'b'],
          [3, 'b'],
        ],
      },
      { sql: "SELECT who FROM votes WHERE who = 'a'", rows: [['a']] },
      {
        sql: 'SELECT * FROM votes WHERE id = 2 AND n = 3 OR id = 3',
        rows: [
          [2, 'a', '3'],
          [3, 'b', null],
        ],
      },
      { sql: "DELETE FROM votes WHERE who = 'b' AND id < 2", affected: 1 },
      { sql: 'UPDATE votes SET n = 0 WHERE n IS NULL OR id = 2', affected: 2 },
      { sql: 'UPDATE votes SET n = 0', affected: 1 },
      {
        sql: 'SELECT id, n FROM votes ORDER BY id',
        rows: [
          [2, '0'],
          [3, '0'],
          [4, '0'],
        ],
      },
      { sql: 'DELETE FROM votes', affected: 3 },
    ],
  },
  {
    name: 'compares strings by the collation of the column',
    steps: [
      { sql: 'CREATE TABLE bins (id VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY)' },
      { sql: "INSERT INTO bins VALUES ('a'), ('A'), ('7'), ('007'), ('1e2'), ('é'), ('e')", affected: 7 },
      fails("INSERT INTO bins VALUES ('a ')", 1062), // PAD SPACE in TiDB as in MySQL
      { sql: "SELECT id FROM bins WHERE id = 'a  '", rows: [['a']] },
      { sql: 'SELECT id FROM bins WHERE id = 7 ORDER BY id', rows: [['007'], ['7']] },
      { sql: 'SELECT id FROM bins ORDER BY id', rows: [['007'], ['1e2'], ['7'], ['A'], ['a'], ['e'], ['é']] },
    ],
  },
  {
    name: 'keeps unique keys unique',
    steps: [
      {
        sql: 'CREATE TABLE users (id INT PRIMARY KEY, mail VARCHAR(20), a INT, b INT, UNIQUE KEY mails (mail), UNIQUE (a, b))',
      },
      {
        sql: "INSERT INTO users VALUES (1, 'x', 1, 1), (2, 'y', 1, 2), (3, NULL, NULL, 1), (4, NULL, NULL, 1)",
        affected: 4,
      },
      fails("INSERT INTO users VALUES (5, 'x', 9, 9)", 1062),
      fails('INSERT INTO users VALUES (5, NULL, 1, 2)', 1062),
      fails("UPDATE users SET mail = 'x' WHERE id = 2", 1062),
      fails('UPDATE users SET id = 1 WHERE id = 2', 1062),
      { sql: 'UPDATE users SET id = 9 WHERE id = 2', affected: 1 },
      { sql: "INSERT INTO users VALUES (7, 'z', 7, 7)", affected: 1 },
      {
        sql: "INSERT INTO users VALUES (20, 'z', 5, 5) ON DUPLICATE KEY UPDATE a = 70, mail = CONCAT(mail, '!')",
        affected: 2,
      },
      { sql: "SELECT id, mail FROM users WHERE mail = 'y'", rows: [[9, 'y']] },
      {
        sql: 'SELECT id, mail, a FROM users ORDER BY id',
        rows: [
          [1, 'x', 1],
          [3, null, null],
          [4, null, null],
          [7, 'z!', 70],
          [9, 'y', 1],
        ],
      },
      { sql: "DELETE FROM users WHERE mail = 'y'", affected: 1 },
      { sql: "INSERT INTO users VALUES (9, 'y', 1, 2)", affected: 1 },
    ],
  },
  {
    name: 'executes prepared statements with every kind of parameter',
    steps: [
      {
        sql: 'SELECT ?, ? + 1, ?',
        parameters: ['text', 2, null],
        rows: [['text', 3, null]],
      },
      { sql: 'CREATE TABLE kinds (id INT PRIMARY KEY, s VARCHAR(300), v BIGINT)' },
      {
        sql: 'INSERT INTO kinds VALUES (?, ?, ?)',
        parameters: [1, "a'b\\c\u0005\u0000é😀", '9223372036854775807'],
        affected: 1,
      },
      { sql: 'INSERT INTO kinds VALUES (?, ?, ?)', parameters: [2, null, null], affected: 1 },
      {
        sql: 'INSERT INTO kinds VALUES (?, ?, ?)',
        parameters: [3, 'x'.repeat(300), -5],
        affected: 1,
      },
      {
        sql: 'SELECT s, v FROM kinds WHERE id = ?',
        parameters: [1],
        rows: [["a'b\\c\u0005\u0000é😀", '9223372036854775807']],
      },
      {
        sql: 'SELECT * FROM kinds WHERE id IN (?, ?) AND v IS NULL',
        parameters: [1, 2],
        rows: [[2, null, null]],
      },
      { sql: 'SELECT v FROM kinds WHERE id = ?', parameters: ['3'], rows: [['-5']] },
      fails('SELECT id FROM kinds WHERE id = ?', 1064),
    ],
  },
  {
    name: 'sets variables',
    steps: [
      { sql: 'SET SESSION innodb_lock_wait_timeout = 7' },
      { sql: 'SET autocommit = OFF' },
      { sql: 'SET autocommit = 1' },
    ],
  },
  {
    name: 'describes itself',
    steps: [
      { sql: COUNTERS },
      { sql: 'CREATE TABLE other (x INT)' },
      {
        sql: "SELECT column_name, data_type, is_nullable, column_key FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'counters' ORDER BY ordinal_position",
        rows: [
          ['id', 'varchar', 'NO', 'PRI'],
          ['v', 'bigint', 'NO', ''],
        ],
      },
      { sql: 'SHOW TABLES', rows: [['counters'], ['other']] },
      { sql: 'TRUNCATE TABLE counters' },
      { sql: 'DROP TABLE counters, other' },
      { sql: 'SHOW TABLES', rows: [] },
      { sql: 'SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()', rows: [[0]] },
      { sql: 'DELETE FROM information_schema.columns', error: 1044 },
    ],
  },
  {
    name: 'undoes a transaction and a failed statement',
    steps: [
      { sql: COUNTERS },
      { sql: "INSERT INTO counters VALUES ('a', 1)" },
      { sql: 'START TRANSACTION' },
      { sql: "UPDATE counters SET v = 2 WHERE id = 'a'", affected: 1 },
      { sql: "INSERT INTO counters VALUES ('b', 1)", affected: 1 },
      {
        sql: 'SELECT id, v FROM counters ORDER BY id',
        rows: [
          ['a', '2'],
          ['b', '1'],
        ],
      },
      { sql: 'ROLLBACK' },
      { sql: 'SELECT id, v FROM counters', rows: [['a', '1']] },
      { sql: 'BEGIN' },
      { sql: "INSERT INTO counters VALUES ('c', 1)" },
      fails("INSERT INTO counters VALUES ('d', 1), ('a', 1)", 1062),
      { sql: "DELETE FROM counters WHERE id = 'a'", affected: 1 },
      { sql: "INSERT INTO counters VALUES ('a', 9)", affected: 1 },
      { sql: 'COMMIT' },
      {
        sql: 'SELECT id, v FROM counters ORDER BY id',
        rows: [
          ['a', '9'],
          ['c', '1'],
        ],
      },
      { sql: 'SET autocommit = 0' },
      { sql: "UPDATE counters SET v = 0 WHERE id = 'c'", affected: 1 },
      { sql: 'ROLLBACK' },
      { sql: "SELECT v FROM counters WHERE id = 'c'", rows: [['1']] },
      { sql: 'COMMIT' },
      { sql: 'SET autocommit = 1' },
      { sql: "UPDATE counters SET id = 'z' WHERE id = 'c'", affected: 1 },
      { sql: 'SELECT id FROM counters ORDER BY id', rows: [['a'], ['z']] },
      { sql: 'SELECT ROW_COUNT()', rows: [[-1]] },
    ],
  },
];

/** For the statements that are refused: what they name is there. */
export const REFUSED_SETUP = [
  COUNTERS,
  'CREATE TABLE votes (id INT NOT NULL PRIMARY KEY, who VARCHAR(10), n BIGINT)',
  'CREATE TABLE docs (id INT PRIMARY KEY, k VARCHAR(99))',
  'CREATE TABLE cis (id VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY)',
];

/** What TiDB carries out and the embedded one does not: error 1235, and nothing is done. */
export const REFUSED: readonly string[] = [
  // operators and functions
  'SELECT 1 | 2 & 3, 1 + 1 << 2, 6 ^ 3 & 1',
  'SELECT ~1',
  'SELECT 1 / 3',
  'SELECT ISNULL(NULL)',
  "SELECT UPPER('aé')",
  "SELECT 'abc' LIKE 'a%'",
  'SELECT 7 DIV 2',
  'SELECT 7 % 2',
  'SELECT 1 XOR 0',
  'SELECT 1 IS TRUE',
  'SELECT CASE 1 WHEN 1 THEN 2 END',
  'SELECT NOW()',
  'SELECT ABS(-3)',
  'SELECT CEIL(1)',
  "SELECT CAST('12abc' AS SIGNED)",
  "SELECT CAST('1.5' AS SIGNED)",
  "SELECT CAST('9223372036854775808' AS SIGNED)",
  'SELECT GREATEST(1, 2)',
  "SELECT IF(1, 'a', 2)",
  // literals and types without exact values here
  'SELECT 0.1 + 0.2',
  'SELECT 1e3',
  "SELECT '1.5' + 1",
  'CREATE TABLE u (d DOUBLE)',
  'CREATE TABLE u (s TEXT(9))',
  'CREATE TABLE u (s MEDIUMTEXT)',
  'SELECT DISTINCT who FROM votes',
  "SELECT X'4142'",
  'SELECT 0x43',
  'CREATE TABLE u (k JSON NOT NULL)',
  'CREATE TABLE u (u BIGINT UNSIGNED)',
  'CREATE TABLE u (n INT DEFAULT 7)',
  'ALTER TABLE votes ADD COLUMN more INT NOT NULL',
  'ALTER TABLE votes ADD COLUMN more INT UNIQUE',
  'ALTER TABLE votes ADD COLUMN more INT FIRST',
  'ALTER TABLE votes ADD COLUMN IF NOT EXISTS more INT',
  'ALTER TABLE votes MODIFY COLUMN n INT',
  'ALTER TABLE votes DROP COLUMN n',
  'CREATE TABLE u (d DECIMAL(5,2))',
  'CREATE TABLE u (id VARBINARY(10) NOT NULL PRIMARY KEY)',
  'CREATE TABLE u (t DATETIME)',
  'CREATE TABLE u (made TIMESTAMP DEFAULT CURRENT_TIMESTAMP)',
  'CREATE TABLE u (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY)',
  // JSON
  "SELECT JSON_EXTRACT(k, '$.b'), JSON_LENGTH(k), JSON_KEYS(k) FROM docs",
  "SELECT JSON_OBJECT('a', 1), JSON_VALID('[]')",
  "UPDATE docs SET k = JSON_REMOVE(JSON_SET(k, '$.b', 2), '$.a')",
  "INSERT INTO docs VALUES (1, JSON_OBJECT('x', 1)) ON DUPLICATE KEY UPDATE k = JSON_SET(k, '$.x', 2)",
  // collations
  "SELECT id FROM votes WHERE who COLLATE utf8mb4_general_ci = 'a'",
  "INSERT INTO cis VALUES ('a')",
  "SELECT id FROM cis WHERE id = 'A'",
  // groups
  'SELECT SUM(n) FROM votes',
  'SELECT AVG(n) FROM votes',
  'SELECT MAX(n) - MIN(n) FROM votes',
  'SELECT COUNT(DISTINCT who) FROM votes',
  'SELECT id, COUNT(*) FROM votes',
  'SELECT who, COUNT(*) AS many FROM votes GROUP BY who HAVING many > 0',
  // forms of writing
  "INSERT IGNORE INTO votes VALUES (1, 'n', 8)",
  "REPLACE INTO votes VALUES (1, 'n', 8)",
  'INSERT INTO votes (id, n) VALUES (1, id + 1)',
  "DELETE FROM votes WHERE who = 'b' ORDER BY id LIMIT 1",
  'UPDATE votes SET n = 0 ORDER BY id LIMIT 1',
  // variables, and what describes the server
  "SET @a = 1, @b = '2'",
  'SET @c := CONCAT(@b, "x")',
  'SELECT @a',
  'SELECT @@innodb_lock_wait_timeout',
  'SELECT @@autocommit',
  "SHOW TABLES LIKE 'c%'",
  'SHOW GRANTS',
  'SET time_zone = SYSTEM',
  'SELECT table_name FROM information_schema.tables',
  // parts of transactions
  'SAVEPOINT here',
  'ROLLBACK TO SAVEPOINT here',
  'SELECT v FROM counters FOR UPDATE NOWAIT',
];
