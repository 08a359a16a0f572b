import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NotAppliedError, StoreUnavailableError } from './counter-store';
import { giveUpAfter } from './give-up';
import { SECRET_TIMEOUT_MS } from './timeouts';

/** The store's secret, known only to be a JSON object. */
export type StoreSecret = Readonly<Record<string, unknown>>;

/** The store has no address or credentials yet. To the state machine it is a {@link StoreUnavailableError}. */
export class NotConfiguredError extends StoreUnavailableError {
  /** @param missing what the secret lacks */
  constructor(store: string, missing: string, options?: ErrorOptions) {
    super(`${store} is not configured: its secret has no ${missing} yet`, options);
  }
}

/**
 * Errors that won't pass within a second.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html#API_GetSecretValue_Errors
 */
const LASTING_ERRORS = [
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidParameterException',
  'InvalidRequestException',
];

const secrets = new SecretsManagerClient({ maxAttempts: 2 }); // a read: the second attempt is for a socket that died while frozen

/**
 * Reads the store's secret, which the environment variable `STORE_SECRET` names by ARN or name.
 *
 * @param store the store's name, for messages
 * @throws NotConfiguredError when the secret has no value yet, or isn't there
 * @throws StoreUnavailableError when it can't be read or isn't a JSON object
 * @throws NotAppliedError when Secrets Manager doesn't answer
 */
export async function readStoreSecret(store: string): Promise<StoreSecret> {
  const name = process.env['STORE_SECRET'];
  if (name === undefined || name === '') {
    throw new StoreUnavailableError(`${store} is not configured: STORE_SECRET must name its secret, got nothing`);
  }
  return parseSecret(store, await fetchSecret(store, name));
}

async function fetchSecret(store: string, name: string): Promise<string> {
  const silence = new AbortController();
  const patience = giveUpAfter(SECRET_TIMEOUT_MS, () => silence.abort());
  try {
    const answer = await secrets.send(new GetSecretValueCommand({ SecretId: name }), { abortSignal: silence.signal });
    return answer.SecretString ?? '';
  } catch (error) {
    const kind = error instanceof Error ? error.name : '';
    // Also Secrets Manager's answer for a secret that has never had a value.
    if (kind === 'ResourceNotFoundException') throw new NotConfiguredError(store, 'value', { cause: error });
    if (LASTING_ERRORS.includes(kind)) {
      throw new StoreUnavailableError(`${store}: its secret can't be read (${kind})`, { cause: error });
    }
    throw new NotAppliedError(`${store}: its secret could not be read for now`, { cause: error });
  } finally {
    patience.end();
  }
}

function parseSecret(store: string, text: string): StoreSecret {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as StoreSecret;
  } catch {
    // JSON.parse's message quotes the text, which is a credential; the message below doesn't.
  }
  throw new StoreUnavailableError(`${store}: its secret must be a JSON object`);
}
