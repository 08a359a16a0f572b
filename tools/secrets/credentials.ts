import { readFileSync } from 'node:fs';
import path from 'node:path';
import { StoreUnavailableError } from '../../functions/counter-store';
import { momentoCredentials } from '../../functions/momento/client';
import { tidbAddress } from '../../functions/tidb/client';
import type { CredentialFile } from '../../lib/credential-files';

/** A credential file can't be used. The message names the file, the field and the fix. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
}

/** The functions' own parsers: exactly what they accept may be uploaded. */
const READERS: Record<CredentialFile['store'], (document: Record<string, unknown>) => unknown> = {
  momento: momentoCredentials,
  tidb: tidbAddress,
};

/**
 * Reads and validates a credential file.
 *
 * @param now milliseconds since 1970, against which a key's expiry is checked
 * @returns the document to upload, or undefined if there is no such file
 * @throws CredentialError when the file isn't a JSON object, the store's function couldn't use it, or the key has
 *   expired
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
  try {
    READERS[store](document);
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    throw new CredentialError(`${file} can't be used: ${error.message}`, { cause: error });
  }
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
    // JSON.parse's message quotes the text, which is a credential; the message below doesn't.
  }
  throw new CredentialError(`${file} must be a JSON object: download it again from the console`);
}

/**
 * A key that never expires has no `validUntil`, or 0.
 * Source: https://docs.momentohq.com/cache/authentication/api-keys ("optionally set an expiry")
 */
function checkExpiry(file: string, validUntil: unknown, now: number): void {
  const expiry = Number(validUntil) * 1000;
  if (expiry > 0 && expiry <= now) {
    throw new CredentialError(
      `${file}: validUntil must be in the future, got ${new Date(expiry).toISOString()}: make a new key in Momento's console`,
    );
  }
}
