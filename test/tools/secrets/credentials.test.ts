import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { CREDENTIAL_FILES } from '../../../lib/credential-files';
import { readCredentials } from '../../../tools/secrets/credentials';
import { jsonProblemAt } from '../../../tools/secrets/json-position';

const { momento: MOMENTO, tidb: TIDB } = CREDENTIAL_FILES;
const NOW = Date.UTC(2026, 10, 24);
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
const V1 = { apiKey: base64({ endpoint: 'cell-1.prod.example.com', api_key: 'key' }) };
const V2 = {
  apiKey: `${base64({ alg: 'none' })}.${base64({ t: 'g' })}.signature`,
  restEndpoint: 'https://api.cache.example',
};
const CLUSTER = { host: 'gateway.example', port: '4000', user: 'x.root', pwd: 'secret', db: 'counters' };

describe('readCredentials', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'credentials-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (file: typeof MOMENTO, content: unknown): { document: unknown; problems: string[] } => {
    writeFileSync(path.join(folder, file.file), typeof content === 'string' ? content : JSON.stringify(content));
    const problems: string[] = [];
    return { document: readCredentials(folder, file, NOW, problems), problems };
  };

  it('gives nothing where there is no file', () => {
    const problems: string[] = [];

    expect(readCredentials(folder, MOMENTO, NOW, problems)).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it.each([
    ['a key of version 1', MOMENTO, { ...V1, refreshToken: 'token', validUntil: NOW / 1000 + 60 }],
    ['a key of version 1 by itself', MOMENTO, V1],
    ['a key of version 2, which has no refresh token', MOMENTO, { ...V2, validUntil: NOW / 1000 + 60 }],
    ['a key without an end', MOMENTO, V2],
    ['a key without an end, as 0', MOMENTO, { ...V2, validUntil: 0 }],
    ['a cluster', TIDB, CLUSTER],
    ['a port that is a number', TIDB, { ...CLUSTER, port: 4000 }],
    ['a user without a password', TIDB, { ...CLUSTER, pwd: '' }],
    ['a cluster that asks for TLS', TIDB, { ...CLUSTER, tls: true }],
  ])('gives the whole document, as the function can use it: %s', (_, file, content) => {
    expect(read(file, content)).toEqual({ document: content, problems: [] });
    expect(read(file, `\uFEFF${JSON.stringify(content, null, 2)}\r\n`)).toEqual({ document: content, problems: [] });
  });

  it.each([
    [
      'an expired key',
      MOMENTO,
      { ...V2, validUntil: NOW / 1000 - 1 },
      ": validUntil must be in the future, got 2026-11-23T23:59:59.000Z: make a new key in Momento's console",
    ],
    [
      'an end that is no time',
      MOMENTO,
      { ...V2, validUntil: 'never' },
      ': validUntil must be a whole number of seconds since 1970, or 0',
    ],
    ['no key', MOMENTO, { ...V2, apiKey: undefined }, " has no apiKey: download it again from Momento's console"],
    [
      'what is no key',
      MOMENTO,
      { apiKey: 'key' },
      " can't be used: momento: apiKey in its secret must be a Momento API key",
    ],
    [
      'a key of version 2 without its endpoint',
      MOMENTO,
      { apiKey: V2.apiKey },
      " has no restEndpoint: download it again from Momento's console",
    ],
    [
      'an endpoint with a path',
      MOMENTO,
      { ...V2, restEndpoint: 'https://api.cache.example/x' },
      ': restEndpoint must be an HTTPS URL without a path, such as https://api.cache.….momentohq.com',
    ],
    ['no host', TIDB, { ...CLUSTER, host: undefined }, ' has no host: write it as docs/deployment.md shows'],
    [
      'a host with a scheme',
      TIDB,
      { ...CLUSTER, host: 'https://gateway.example' },
      ': host must be a name alone: leave out what is before and with ://',
    ],
    [
      'a host with its port',
      TIDB,
      { ...CLUSTER, host: 'gateway.example:4000' },
      ': host must be a name alone: without a port, a path or a user',
    ],
    ['a port that is none', TIDB, { ...CLUSTER, port: 'abc' }, ': port must be a whole number from 1 to 65535'],
    ['no user', TIDB, { ...CLUSTER, user: '' }, ': user must be a text'],
    ['no database', TIDB, { ...CLUSTER, db: 7 }, ': db must be a name of 1 to 64 characters'],
    ['TLS that is off', TIDB, { ...CLUSTER, tls: false }, ': tls must be true: the connection is made over TLS'],
    [
      'a line break',
      TIDB,
      { ...CLUSTER, pwd: 'hunter2\n' },
      ': pwd has spaces or line breaks around its value: remove them',
    ],
    [
      'an address, whose certificate proves nothing',
      TIDB,
      { ...CLUSTER, host: '192.0.2.1' },
      ': host must be a name, for its certificate to be checked',
    ],
    ['a field that is none', TIDB, { ...CLUSTER, comment: 'x' }, `: "comment" isn't one of its fields: leave it out`],
    ['a list', TIDB, [CLUSTER], ' must be a JSON object: write it as docs/deployment.md shows'],
    ['an empty file', TIDB, '\uFEFF\n', ' is empty: write it as docs/deployment.md shows'],
    [
      'what stops being JSON',
      TIDB,
      '{\n  "pwd": hunter2\n}',
      ' must be a JSON object, and stops being JSON in line 2, column 10: write it as docs/deployment.md shows',
    ],
  ])('refuses %s by file and field', (_, file, content, problem) => {
    expect(read(file, content)).toEqual({ document: undefined, problems: [`${file.file}${problem}`] });
  });

  it('refuses all that is wrong at once, and tells no value', () => {
    const { problems } = read(TIDB, { host: 'https://hunter2', port: 'hunter2', User: 'hunter2', pwd: ' hunter2' });

    expect(problems).toEqual([
      'tidb_info.json: host must be a name alone: leave out what is before and with ://',
      'tidb_info.json: port must be a whole number from 1 to 65535',
      'tidb_info.json has no user: write it as docs/deployment.md shows',
      'tidb_info.json: pwd has spaces or line breaks around its value: remove them',
      'tidb_info.json has no db: write it as docs/deployment.md shows',
      `tidb_info.json: "User" isn't one of its fields: did you mean user?`,
    ]);
  });

  it('refuses what is no file', () => {
    mkdirSync(path.join(folder, TIDB.file));
    const problems: string[] = [];

    readCredentials(folder, TIDB, NOW, problems);

    expect(problems).toEqual(["tidb_info.json can't be read: EISDIR"]);
  });
});

describe('where a text stops being JSON', () => {
  it.each([
    ['{"a": [1, -2.5e3, "\\u00e9\\n", {}, [], true, null]}', undefined],
    [' 5 ', undefined],
    ['{"a": 1,}', 'line 1, column 9'],
    ['{"a": [1,]}', 'line 1, column 10'],
    ['{"a" 1}', 'line 1, column 6'],
    ['{"a": 1 "b": 2}', 'line 1, column 9'],
    ["{'a': 1}", 'line 1, column 2'],
    ['{"a": 1}}', 'line 1, column 9'],
    ['{"a": 1]', 'line 1, column 8'],
    ['[1}', 'line 1, column 3'],
    ['{"a":\n "b', 'line 2, column 2'],
    ['{"a":\n 01}', 'line 2, column 3'],
    ['{"a": 1', 'line 1, column 8'],
    ['{"a": "tab\there"}', 'line 1, column 7'],
    ['// a\n{}', 'line 1, column 1'],
  ])('%j', (text, place) => {
    const isJson = ((): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    })();

    expect(jsonProblemAt(text)).toBe(place);
    expect(isJson).toBe(place === undefined);
  });

  it('is known of the texts, and of those alone, that JSON.parse refuses', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', 'true', ' ', '\n', '-', '"');

    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.array(pieces, { maxLength: 9 }).map((parts) => parts.join('')),
        ),
        (text) => {
          let isJson = true;
          try {
            JSON.parse(text);
          } catch {
            isJson = false;
          }
          expect(jsonProblemAt(text) === undefined).toBe(isJson);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
