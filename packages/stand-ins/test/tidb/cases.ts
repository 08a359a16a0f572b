/** A statement and what it must give. Without `rows`, `affected` and `error` it must only succeed. */
export interface Step {
  readonly sql: string;
  /** With them the statement is prepared and executed, otherwise sent as text. */
  readonly parameters?: readonly (string | number | null | Buffer)[];
  /** Rows in order, values as text; JSON as its parsed form. */
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
const KEYED =
  'INSERT INTO keyed (id, v, k) VALUES (?, LAST_INSERT_ID(0) + 1, JSON_OBJECT(?, 1)) ON DUPLICATE KEY UPDATE ' +
  'k = IF(JSON_EXTRACT(k, ?) IS NOT NULL OR v >= ?, k, JSON_SET(k, ?, v + 1)), ' +
  'v = IF(JSON_EXTRACT(k, ?) = v + 1, LAST_INSERT_ID(v + 1), ' +
  'IF(JSON_EXTRACT(k, ?) IS NULL, v, v + 0 * LAST_INSERT_ID(JSON_EXTRACT(k, ?))))';
const keyed = (key: string, max: string) => ['a', key, `$.${key}`, max, ...Array<string>(4).fill(`$.${key}`)];

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
      select('1 OR 0 AND 0 OR 0 XOR 0', 1),
      select('(1 OR 1) AND 0', 0),
      select('NOT 1 = 2', 1),
      select('NOT (1) = 2, NOT (1 = 1) OR 1', 1, 1),
      select('2 + 3 * 4 - 1, 10 - 3 - 2, -2 * -3, 7 DIV 2 * 2, 7 % 4 + 1', 13, 5, 6, 6, 4),
      select('1 | 2 & 3, 1 + 1 << 2, 6 ^ 3 & 1', 3, 8, 1),
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
      select('NOT NULL, NULL IS NULL, 1 IS NOT NULL, NULL IS TRUE, 0 IS FALSE, 2 IS NOT TRUE', null, 1, 1, 0, 1, 0),
      select('1 IN (2, NULL), 1 IN (1, NULL), 1 NOT IN (2, NULL), NULL IN (1)', null, 1, null, null),
      select('NULL + 1, CONCAT(1, NULL), NULL LIKE 1, NULL BETWEEN 1 AND 2', null, null, null, null),
      select(
        'IF(NULL, 1, 2), IFNULL(NULL, 3), COALESCE(NULL, NULL, 4), NULLIF(1, 1), NULLIF(1, 2), ISNULL(NULL)',
        2,
        3,
        4,
        null,
        1,
        1,
      ),
      select(
        "CASE WHEN NULL THEN 'a' WHEN 1 THEN 'b' END, CASE 2 WHEN 1 THEN 'x' ELSE 'y' END, CASE 1 WHEN 2 THEN 3 END",
        'b',
        'y',
        null,
      ),
      select('LEAST(1, NULL), GREATEST(3, 20, 1), LEAST(2, 1)', null, 20, 1),
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
    name: 'computes decimals exactly and strings as doubles',
    steps: [
      select('0.1 + 0.2, 1.10 * 2, 1 / 3, 10 / 4, 7.5 % 2, 5.5 - 6', '0.3', '2.20', '0.3333', '2.5000', '1.5', '-0.5'),
      select("'1.5' + 1, '12abc' + 0, 'abc' + 0, 1e3, 1e3 / 8", 2.5, 12, 0, 1000, 125),
      select('1 / 0, 1 DIV 0, 1 % 0', null, null, null),
      select('9223372036854775807 DIV 1.25, -7 DIV 2.0', '7378697629483820645', -3),
      select('CAST(2.5 AS SIGNED), CAST(-2.5 AS SIGNED), CAST(1.005 AS DECIMAL(10,2))', 3, -3, '1.01'),
      select(
        "CAST('12abc' AS SIGNED), CAST(7 AS CHAR), CAST('9007199254740993' AS SIGNED)",
        12,
        '7',
        '9007199254740993',
      ),
      select('ABS(-3), MOD(7, 3), FLOOR(-1.5), CEIL(1.2)', 3, 1, -2, 2),
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
      select("'a' 'b', '', ' pad ', 'é😀', X'4142', 0x43", 'ab', '', ' pad ', 'é😀', 'AB', 'C'),
      select("1 /* comment */ + /* 'x' */ 1 -- end", 2),
      select(
        "LENGTH('é😀'), CHAR_LENGTH('é😀'), UPPER('aé'), REPLACE('aXa', 'X', '$&'), SUBSTRING('hello', 2, 3), LEFT('hello', 2)",
        6,
        2,
        'AÉ',
        'a$&a',
        'ell',
        'he',
      ),
      select(
        "'50%' LIKE '50\\%', 'abc' LIKE 'a_c', 'abc' LIKE 'a', 'a.c' LIKE 'a.c', 'abc' NOT LIKE '%b%'",
        1,
        1,
        0,
        1,
        0,
      ),
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
    name: 'records an idempotency key in the same statement as the increment',
    steps: [
      { sql: 'CREATE TABLE keyed (id VARCHAR(128) NOT NULL PRIMARY KEY, v BIGINT NOT NULL, k JSON NOT NULL)' },
      { sql: KEYED, parameters: keyed('x', '2'), affected: 1 },
      { sql: KEYED, parameters: keyed('x', '2'), affected: 0, insertId: 1 },
      { sql: KEYED, parameters: keyed('y', '2'), affected: 2, insertId: 2 },
      { sql: KEYED, parameters: keyed('z', '2'), affected: 0, insertId: 0 },
      { sql: KEYED, parameters: keyed('x', '2'), affected: 0, insertId: 1 },
      { sql: 'SELECT v, k FROM keyed', rows: [['2', { x: 1, y: 2 }]] },
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
      { sql: 'CREATE TABLE autos (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, v INT)' },
      { sql: 'INSERT INTO autos (v) VALUES (1), (2)', affected: 2, insertId: 1 },
      select('LAST_INSERT_ID()', 1),
      { sql: 'INSERT INTO autos VALUES (10, 1)', affected: 1 },
      { sql: 'INSERT INTO autos (v) VALUES (3)', insertId: 11 },
      { sql: 'UPDATE autos SET v = LAST_INSERT_ID(v + 40) WHERE id = 11', affected: 1, insertId: 43 },
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
        sql: 'CREATE TABLE strict_ones (id VARCHAR(3) NOT NULL PRIMARY KEY, n INT, t TINYINT, u BIGINT UNSIGNED, d DECIMAL(5,2), must INT NOT NULL)',
      },
      fails("INSERT INTO strict_ones (id, must) VALUES ('abcd', 1)", 1406),
      fails("INSERT INTO strict_ones (id, n, must) VALUES ('a', 2147483648, 1)", 1264),
      fails("INSERT INTO strict_ones (id, t, must) VALUES ('a', 128, 1)", 1264),
      fails("INSERT INTO strict_ones (id, u, must) VALUES ('a', -1, 1)", 1264),
      fails("INSERT INTO strict_ones (id, d, must) VALUES ('a', 1000, 1)", 1264),
      fails("INSERT INTO strict_ones (id, n, must) VALUES ('a', 'x', 1)", 1366),
      fails("INSERT INTO strict_ones (id, n, must) VALUES ('a', '12x', 1)", 1265),
      fails("INSERT INTO strict_ones (id) VALUES ('a')", 1364),
      fails("INSERT INTO strict_ones (id, must) VALUES ('a', NULL)", 1048),
      fails("INSERT INTO strict_ones (id, must) VALUES ('a', 1 / 0)", 1365),
      fails("INSERT INTO strict_ones (id, must) VALUES ('a')", 1136),
      fails("INSERT INTO strict_ones (id, id, must) VALUES ('a', 'b', 1)", 1110),
      fails("INSERT INTO strict_ones (id, must) VALUES ('a', 1), ('b', 1), ('a', 2)", 1062),
      { sql: 'SELECT COUNT(*) FROM strict_ones', rows: [[0]] },
      { sql: "INSERT INTO strict_ones VALUES ('a', '7', 2.5, 18446744073709551615, 1.005, TRUE)", affected: 1 },
      { sql: 'SELECT * FROM strict_ones', rows: [['a', 7, 3, '18446744073709551615', '1.01', 1]] },
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
      fails('SELECT @@nope', 1193),
      fails('SET nope = 1', 1193),
      fails('SELECT IF(1, 2)', 1582, 'MariaDB: 1064'),
      fails('SELECT * FROM counters WHERE COUNT(*) > 1', 1111),
      { sql: 'DROP TABLE IF EXISTS nope' },
      { sql: 'CREATE TABLE IF NOT EXISTS counters (other INT)' },
      { sql: 'SELECT id FROM counters', rows: [] },
    ],
  },
  {
    name: 'selects, sorts, groups and cuts',
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
      {
        sql: 'SELECT COUNT(*), COUNT(n), SUM(n), MIN(n), MAX(n), AVG(n), MAX(n) - MIN(n) FROM votes',
        rows: [[4, 3, '16', '3', '8', '5.3333', '5']],
      },
      { sql: 'SELECT COUNT(*), SUM(n), MAX(n) FROM votes WHERE id > 9', rows: [[0, null, null]] },
      {
        sql: 'SELECT who, COUNT(*) AS many FROM votes GROUP BY who HAVING many > 0 ORDER BY many DESC, who',
        rows: [
          ['b', 2],
          ['A', 1],
          ['a', 1],
        ],
      },
      { sql: 'SELECT DISTINCT who FROM votes ORDER BY who DESC', rows: [['b'], ['a'], ['A']] },
      { sql: "SELECT who FROM votes WHERE who = 'a'", rows: [['a']] },
      { sql: "SELECT id FROM votes WHERE who COLLATE utf8mb4_general_ci = 'a' ORDER BY id", rows: [[2], [4]] },
      { sql: 'SELECT COUNT(DISTINCT who) FROM votes', rows: [[3]] },
      {
        sql: 'SELECT * FROM votes WHERE id = 2 AND n = 3 OR id = 3',
        rows: [
          [2, 'a', '3'],
          [3, 'b', null],
        ],
      },
      { sql: "DELETE FROM votes WHERE who = 'b' ORDER BY id LIMIT 1", affected: 1 },
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
      { sql: 'CREATE TABLE cis (id VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY)' },
      { sql: "INSERT INTO cis VALUES ('a')" },
      fails("INSERT INTO cis VALUES ('A')", 1062),
      fails("INSERT INTO cis VALUES ('á')", 1062),
      { sql: "SELECT id FROM cis WHERE id = 'A'", rows: [['a']] },
      { sql: 'CREATE TABLE raws (id VARBINARY(10) NOT NULL PRIMARY KEY)' },
      { sql: "INSERT INTO raws VALUES ('a'), ('a '), ('A')", affected: 3 },
      { sql: "SELECT id FROM raws WHERE id = 'a '", rows: [['a ']] },
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
      { sql: "INSERT IGNORE INTO users VALUES (1, 'n', 8, 8), (6, 'x', 8, 8), (7, 'z', 7, 7)", affected: 1 },
      {
        sql: "INSERT INTO users VALUES (20, 'z', 5, 5) ON DUPLICATE KEY UPDATE a = 70, mail = CONCAT(mail, '!')",
        affected: 2,
      },
      { sql: "REPLACE INTO users VALUES (1, 'z!', 0, 0)", affected: 3 },
      { sql: "REPLACE INTO users VALUES (30, 'new', 3, 0)", affected: 1 },
      { sql: "SELECT id, mail FROM users WHERE mail = 'y'", rows: [[9, 'y']] },
      {
        sql: 'SELECT id, mail, a FROM users ORDER BY id',
        rows: [
          [1, 'z!', 0],
          [3, null, null],
          [4, null, null],
          [9, 'y', 1],
          [30, 'new', 3],
        ],
      },
      { sql: "DELETE FROM users WHERE mail = 'y'", affected: 1 },
      { sql: "INSERT INTO users VALUES (9, 'y', 1, 2)", affected: 1 },
    ],
  },
  {
    name: 'reads and writes JSON',
    steps: [
      { sql: 'CREATE TABLE docs (id INT PRIMARY KEY, k JSON)' },
      {
        sql: `INSERT INTO docs VALUES (1, '{"b": 1, "a": [1, 2.5, "x", null, true], "c": {"d e": 9007199254740993}}')`,
        affected: 1,
      },
      {
        sql: `SELECT CONCAT(JSON_EXTRACT(k, '$.b')), CONCAT(JSON_EXTRACT(k, '$.a[2]')), JSON_EXTRACT(k, '$.none'), CONCAT(JSON_EXTRACT(k, '$.c."d e"')) FROM docs`,
        rows: [['1', '"x"', null, '9007199254740993']],
      },
      {
        sql: "SELECT JSON_LENGTH(k), JSON_LENGTH(k, '$.a'), JSON_EXTRACT(k, '$.b') = 1, JSON_UNQUOTE(JSON_EXTRACT(k, '$.a[2]')) FROM docs",
        rows: [[3, 5, 1, 'x']],
      },
      {
        sql: "UPDATE docs SET k = JSON_REMOVE(JSON_SET(k, '$.b', 2, '$.n', 'new', '$.x.y', 1), '$.a', '$.c')",
        affected: 1,
      },
      { sql: 'SELECT k FROM docs', rows: [[{ b: 2, n: 'new' }]] },
      select(
        `JSON_OBJECT('a', 1, 'b', NULL, 'c', 'x'), JSON_VALID('{"a"'), JSON_VALID('[]')`,
        { a: 1, b: null, c: 'x' },
        0,
        1,
      ),
      fails("INSERT INTO docs VALUES (2, '{oops}')", 3140, 'MariaDB checks JSON by a constraint: 4025'),
      fails("SELECT JSON_EXTRACT('{}', 'a')", 3143, 'MariaDB: null and a warning'),
      { sql: 'SELECT JSON_KEYS(k) FROM docs', rows: [[['b', 'n']]] },
    ],
  },
  {
    name: 'fills defaults and times',
    steps: [
      {
        sql: "CREATE TABLE defaults (id INT PRIMARY KEY, v BIGINT DEFAULT 5, s VARCHAR(10) NOT NULL DEFAULT 'it''s', n INT NULL, t DATETIME DEFAULT '2020-01-02 03:04:05', made TIMESTAMP DEFAULT CURRENT_TIMESTAMP)",
      },
      { sql: 'INSERT INTO defaults (id) VALUES (1)', affected: 1 },
      { sql: 'INSERT INTO defaults (id, v, s) VALUES (2, DEFAULT, DEFAULT)', affected: 1 },
      {
        sql: "SELECT id, v, s, n, t = '2020-01-02 03:04:05', made IS NOT NULL FROM defaults ORDER BY id",
        rows: [
          [1, '5', "it's", null, 1, 1],
          [2, '5', "it's", null, 1, 1],
        ],
      },
      { sql: 'UPDATE defaults SET v = 9 WHERE id = 1', affected: 1 },
      { sql: 'UPDATE defaults SET v = DEFAULT WHERE id = 1', affected: 1 },
      { sql: 'UPDATE defaults SET v = DEFAULT WHERE id = 1', affected: 0 },
      fails("INSERT INTO defaults (id, t) VALUES (3, '2020-13-01')", 1292),
    ],
  },
  {
    name: 'executes prepared statements with every kind of parameter',
    steps: [
      {
        sql: 'SELECT ?, ? + 1, ?, ?',
        parameters: ['text', 2, null, Buffer.from('bytes')],
        rows: [['text', 3, null, 'bytes']],
      },
      { sql: 'CREATE TABLE kinds (id INT PRIMARY KEY, s VARCHAR(300), v BIGINT, b VARBINARY(10), d DOUBLE)' },
      {
        sql: 'INSERT INTO kinds VALUES (?, ?, ?, ?, ?)',
        parameters: [1, "a'b\\c\u0005\u0000é😀", '9223372036854775807', Buffer.from([0, 5, 255]), 2.5],
        affected: 1,
      },
      { sql: 'INSERT INTO kinds VALUES (?, ?, ?, ?, ?)', parameters: [2, null, null, null, null], affected: 1 },
      {
        sql: 'INSERT INTO kinds VALUES (?, ?, ?, ?, ?)',
        parameters: [3, 'x'.repeat(300), -5, null, 1e300],
        affected: 1,
      },
      {
        sql: 'SELECT s, v, HEX(b), d FROM kinds WHERE id = ?',
        parameters: [1],
        rows: [["a'b\\c\u0005\u0000é😀", '9223372036854775807', '0005FF', 2.5]],
      },
      {
        sql: 'SELECT * FROM kinds WHERE id IN (?, ?) AND v IS NULL',
        parameters: [1, 2],
        rows: [[2, null, null, null, null]],
      },
      { sql: 'SELECT v, d FROM kinds WHERE id = ?', parameters: ['3'], rows: [['-5', 1e300]] },
      {
        sql: 'SELECT id FROM kinds LIMIT ?',
        parameters: [1],
        error: 1210,
        unlikeMariaDb: 'TiDB takes only integer types for LIMIT (getUintFromNode)',
      },
      fails('SELECT id FROM kinds WHERE id = ?', 1064),
    ],
  },
  {
    name: 'sets variables',
    steps: [
      { sql: "SET @a = 1, @b = '2'" },
      { sql: 'SET @c := CONCAT(@b, "x")' },
      select('@a, @b, @c, @none', 1, 2, '2x', null),
      { sql: 'SET SESSION innodb_lock_wait_timeout = 7' },
      select('@@innodb_lock_wait_timeout, @@session.innodb_lock_wait_timeout', 7, 7),
      { sql: 'SET NAMES utf8mb4 COLLATE utf8mb4_bin' },
      select("'a' = 'A'", 0),
      { sql: 'SET NAMES utf8mb4 COLLATE utf8mb4_general_ci' },
      select("'a' = 'A'", 1),
      { sql: 'SET autocommit = OFF' },
      select('@@autocommit', 0),
      { sql: 'SET autocommit = 1' },
      { sql: "SET SESSION sql_mode = 'STRICT_TRANS_TABLES'" },
      { sql: 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED' },
    ],
  },
  {
    name: 'describes itself',
    steps: [
      { sql: COUNTERS },
      { sql: 'CREATE TABLE other (x INT)' },
      { sql: 'SHOW TABLES', rows: [['counters'], ['other']] },
      { sql: "SHOW TABLES LIKE 'c%'", rows: [['counters']] },
      {
        sql: 'SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name',
        rows: [['counters'], ['other']],
      },
      {
        sql: "SELECT column_name, data_type, is_nullable, column_key FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'counters' ORDER BY ordinal_position",
        rows: [
          ['id', 'varchar', 'NO', 'PRI'],
          ['v', 'bigint', 'NO', ''],
        ],
      },
      { sql: 'TRUNCATE TABLE counters' },
      { sql: 'DROP TABLE counters, other' },
      { sql: 'SHOW TABLES', rows: [] },
      { sql: 'DELETE FROM information_schema.tables', error: 1044 },
    ],
  },
  {
    name: 'undoes a transaction, a failed statement and what follows a savepoint',
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
      { sql: 'SAVEPOINT here' },
      { sql: 'DELETE FROM counters', affected: 2 },
      { sql: 'ROLLBACK TO SAVEPOINT here' },
      fails('ROLLBACK TO nowhere', 1305),
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
