import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CREDENTIAL_FILES } from '../../lib/credential-files';
import { CredentialError, readCredentials } from '../../lib/credentials';

const [MOMENTO, TIDB] = CREDENTIAL_FILES as [(typeof CREDENTIAL_FILES)[number], (typeof CREDENTIAL_FILES)[number]];
const NOW = Date.UTC(2026, 10, 24);
const KEY = {
  apiKey: 'key',
  refreshToken: 'token',
  validUntil: NOW / 1000 + 60,
  restEndpoint: 'https://api.cache.example',
};
const CLUSTER = { host: 'gateway.example', port: '4000', user: 'x.root', pwd: 'secret', db: 'counters' };

describe('readCredentials', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'credentials-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (file: typeof MOMENTO, content: unknown): unknown => {
    writeFileSync(path.join(folder, file.file), typeof content === 'string' ? content : JSON.stringify(content));
    return readCredentials(folder, file, NOW);
  };

  it('gives the whole document, and nothing where there is no file', () => {
    expect(readCredentials(folder, MOMENTO, NOW)).toBeUndefined();
    expect(read(MOMENTO, KEY)).toEqual(KEY);
    expect(read(TIDB, CLUSTER)).toEqual(CLUSTER);
  });

  it.each([
    [
      'an expired key',
      MOMENTO,
      { ...KEY, validUntil: NOW / 1000 - 1 },
      'validUntil must be in the future, got 2026-11-23',
    ],
    [
      'a key without an end',
      MOMENTO,
      { ...KEY, validUntil: undefined },
      'validUntil must be a time in seconds since 1970',
    ],
    ['a missing field', MOMENTO, { ...KEY, apiKey: undefined }, 'apiKey must be a text, got nothing'],
    ['a port that is a number', TIDB, { ...CLUSTER, port: 4000 }, 'port must be a text, got number'],
    ['an empty password', TIDB, { ...CLUSTER, pwd: '' }, 'pwd must be a text, got string'],
    ['a list', TIDB, [CLUSTER], 'must be a JSON object'],
  ])('refuses %s by file and field', (_, file, content, message) => {
    expect(() => read(file, content)).toThrow(CredentialError);
    expect(() => read(file, content)).toThrow(message);
    expect(() => read(file, content)).toThrow(file.file);
  });

  it('never quotes a file that is no JSON: it holds a credential', () => {
    expect(() => read(TIDB, '{"pwd": "hunter2"')).toThrow(/^tidb_info.json must be a JSON object: download it again/);
  });
});
