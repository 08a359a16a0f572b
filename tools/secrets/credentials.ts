import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import leven from 'leven';
import { StoreUnavailableError } from '../../functions/counter-store';
import { momentoCredentials } from '../../functions/momento/client';
import { tidbAddress } from '../../functions/tidb/client';
import type { CredentialFile } from '../../lib/credential-files';
import { jsonProblemAt } from './json-position';

type Document = Readonly<Record<string, unknown>>;

/** What a field must be, as it reads after "FIELD must be". Undefined where it is. Its value is never told. */
type Rule = (value: unknown, document: Document, now: number) => string | undefined;

interface Field {
  readonly isRequired: (document: Document) => boolean;
  readonly rule: Rule;
}

const text = (rule: string, isRight: (value: string) => boolean): Rule => {
  return (value) => (typeof value === 'string' && isRight(value) ? undefined : rule);
};
const always = (): boolean => true;
const never = (): boolean => false;

/** A key of version 2 is a JSON web token, so it has dots; it doesn't contain its endpoint. */
const isVersion2 = ({ apiKey }: Document): boolean => typeof apiKey === 'string' && apiKey.includes('.');

const FIELDS: Record<CredentialFile['store'], Readonly<Record<string, Field>>> = {
  momento: {
    apiKey: { isRequired: always, rule: text('a Momento API key', (value) => value !== '') },
    restEndpoint: {
      isRequired: isVersion2,
      rule: text('an HTTPS URL without a path, such as https://api.cache.….momentohq.com', (value) =>
        /^(?:https:\/\/)?[A-Za-z0-9.-]+\/?$/.test(value),
      ),
    },
    refreshToken: { isRequired: never, rule: text('a text', always) },
    validUntil: { isRequired: never, rule: validUntil },
  },
  tidb: {
    host: { isRequired: always, rule: hostName },
    port: {
      isRequired: always,
      rule: (value) =>
        /^\d{1,5}$/.test(String(value)) && Number(value) >= 1 && Number(value) <= 65_535
          ? undefined
          : 'a whole number from 1 to 65535',
    },
    user: { isRequired: always, rule: text('a text', (value) => value !== '') },
    pwd: { isRequired: never, rule: text('a text', always) },
    // https://docs.pingcap.com/tidb/stable/tidb-limitations/#limitations-on-identifier-length
    db: {
      isRequired: always,
      rule: text('a name of 1 to 64 characters', (value) => value.length >= 1 && value.length <= 64),
    },
    tls: { isRequired: never, rule: (value) => (value === true ? undefined : 'true: the connection is made over TLS') },
  },
};

/** Where the file comes from. */
const SOURCE: Record<CredentialFile['store'], string> = {
  momento: "download it again from Momento's console",
  tidb: 'write it as docs/deployment.md shows',
};

/** The functions' own parsers: exactly what they accept may be uploaded. */
const READERS: Record<CredentialFile['store'], (document: Record<string, unknown>) => unknown> = {
  momento: momentoCredentials,
  tidb: tidbAddress,
};

/**
 * Reads and checks a credential file.
 *
 * @param now milliseconds since 1970, against which a key's expiry is checked
 * @param problems gets a line for all that is wrong, naming the file, the field and the fix, without any value
 * @returns the document to upload; undefined if there is no such file or something is wrong with it
 */
export function readCredentials(
  folder: string,
  { file, store }: Pick<CredentialFile, 'file' | 'store'>,
  now: number,
  problems: string[],
): Record<string, unknown> | undefined {
  const found: string[] = [];
  const content = readText(path.join(folder, file), found);
  const document = content === undefined ? undefined : parseObject(content, store, found);
  if (document) found.push(...fieldProblems(store, document, now));
  if (document && found.length === 0) found.push(...readerProblems(store, document));
  problems.push(...found.map((problem) => `${file}${problem}`));
  return found.length === 0 ? document : undefined;
}

function readText(file: string, problems: string[]): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, ''); // as some editors begin a file
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') problems.push(` can't be read: ${code}`);
    return undefined;
  }
}

function parseObject(
  content: string,
  store: CredentialFile['store'],
  problems: string[],
): Record<string, unknown> | undefined {
  const problem = content.trim() === '' ? ' is empty' : undefined;
  const place = problem === undefined ? jsonProblemAt(content) : undefined;
  const document: unknown = problem === undefined && place === undefined ? JSON.parse(content) : undefined;
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
    return document as Record<string, unknown>;
  }
  const what = problem ?? ` must be a JSON object${place === undefined ? '' : `, and stops being JSON in ${place}`}`;
  problems.push(`${what}: ${SOURCE[store]}`);
  return undefined;
}

function* fieldProblems(store: CredentialFile['store'], document: Document, now: number): Generator<string> {
  const fields = FIELDS[store];
  for (const [name, { isRequired, rule }] of Object.entries(fields)) {
    const value = document[name];
    if (value === undefined) {
      if (isRequired(document)) yield ` has no ${name}: ${SOURCE[store]}`;
      continue;
    }
    const plain = typeof value === 'string' ? value.trim() : value;
    if (plain !== value) yield `: ${name} has spaces or line breaks around its value: remove them`;
    const broken = rule(plain, document, now);
    if (broken !== undefined) yield `: ${name} must be ${broken}`;
  }
  const known = Object.keys(fields);
  for (const name of Object.keys(document)) {
    if (known.includes(name)) continue;
    const meant = known.find((field) => leven(field.toLowerCase(), name.toLowerCase()) <= 2);
    const hint = meant === undefined ? 'leave it out' : `did you mean ${meant}?`;
    yield `: ${JSON.stringify(name.slice(0, 40))} isn't one of its fields: ${hint}`;
  }
}

function* readerProblems(store: CredentialFile['store'], document: Record<string, unknown>): Generator<string> {
  try {
    READERS[store](document);
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    yield ` can't be used: ${error.message}`;
  }
}

function hostName(host: unknown): string | undefined {
  if (typeof host !== 'string' || host === '') return 'a name';
  if (isIP(host) !== 0) return 'a name, for its certificate to be checked';
  if (/^[a-z0-9+.-]+:\/\//i.test(host)) return 'a name alone: leave out what is before and with ://';
  return /^[A-Za-z0-9._-]+$/.test(host) ? undefined : 'a name alone: without a port, a path or a user';
}

/**
 * A key that never expires has no `validUntil`, or 0.
 * Source: https://docs.momentohq.com/cache/authentication/api-keys ("optionally set an expiry")
 */
function validUntil(value: unknown, _document: Document, now: number): string | undefined {
  const seconds = /^\d+$/.test(String(value)) ? Number(value) : NaN;
  if (Number.isNaN(seconds)) return 'a whole number of seconds since 1970, or 0';
  const expiry = seconds * 1000;
  if (expiry === 0 || expiry > now) return undefined;
  return `in the future, got ${new Date(expiry).toISOString()}: make a new key in Momento's console`;
}
