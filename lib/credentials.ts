import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CredentialFile } from './credential-files';

/** A credential file can't be used. The message names the file, the field and the fix. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
}

const FIELDS: Record<CredentialFile['store'], readonly string[]> = {
  momento: ['apiKey', 'refreshToken', 'validUntil', 'restEndpoint'],
  tidb: ['host', 'port', 'user', 'pwd', 'db'],
};

/**
 * Reads and checks a credential file.
 *
 * @param now milliseconds since 1970, against which a key's expiry is checked
 * @returns the document to upload, or undefined where there is no such file
 * @throws CredentialError when the file is no JSON object, a field is missing or not a text, or the key has expired
 */
export function readCredentials(
  folder: string,
  { file, store }: Pick<CredentialFile, 'file' | 'store'>,
  now: number,
): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = readFileSync(path.join(folder, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const document = parseObject(file, text);
  for (const field of FIELDS[store]) checkField(file, field, document[field]);
  if (store === 'momento') checkExpiry(file, document['validUntil'], now);
  return document;
}

function parseObject(file: string, text: string): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
      return document as Record<string, unknown>;
    }
  } catch {
    // JSON.parse quotes the text, and the text is a credential: the message below doesn't.
  }
  throw new CredentialError(`${file} must be a JSON object: download it again from the console`);
}

function checkField(file: string, field: string, value: unknown): void {
  if (field === 'validUntil' ? typeof value === 'number' : typeof value === 'string' && value !== '') return;
  const expected = field === 'validUntil' ? 'a time in seconds since 1970' : 'a text';
  throw new CredentialError(
    `${file}: ${field} must be ${expected}, got ${value === undefined ? 'nothing' : typeof value}`,
  );
}

function checkExpiry(file: string, validUntil: unknown, now: number): void {
  const expiry = Number(validUntil) * 1000;
  if (expiry <= now) {
    throw new CredentialError(
      `${file}: validUntil must be in the future, got ${new Date(expiry).toISOString()}: make a new key in Momento's console`,
    );
  }
}
