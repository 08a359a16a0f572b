import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CREDENTIAL_FILES } from '../../../lib/credential-files';
import { CredentialError, readCredentials } from '../../../tools/secrets/credentials';

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

  const read = (file: typeof MOMENTO, content: unknown): unknown => {
    writeFileSync(path.join(folder, file.file), typeof content === 'string' ? content : JSON.stringify(content));
    return readCredentials(folder, file, NOW);
  };

  it('gives nothing where there is no file', () => {
    expect(readCredentials(folder, MOMENTO, NOW)).toBeUndefined();
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
  ])('gives the whole document, as the function can use it: %s', (_, file, content) => {
    expect(read(file, content)).toEqual(content);
  });

  it.each([
    [
      'an expired key',
      MOMENTO,
      { ...V2, validUntil: NOW / 1000 - 1 },
      'validUntil must be in the future, got 2026-11-23',
    ],
    ['no key', MOMENTO, { ...V2, apiKey: undefined }, 'has no apiKey'],
    ['what is no key', MOMENTO, { apiKey: 'key' }, 'apiKey in its secret must be a Momento API key'],
    [
      'a key of version 2 without its endpoint',
      MOMENTO,
      { apiKey: V2.apiKey },
      'restEndpoint in its secret must be a text',
    ],
    ['no host', TIDB, { ...CLUSTER, host: undefined }, 'has no host'],
    ['a port that is none', TIDB, { ...CLUSTER, port: 'http' }, 'port in its secret must be from 1 to 65535'],
    ['no user', TIDB, { ...CLUSTER, user: undefined }, 'user in its secret must be a text'],
    ['an address, whose certificate proves nothing', TIDB, { ...CLUSTER, host: '192.0.2.1' }, 'must be a name'],
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
