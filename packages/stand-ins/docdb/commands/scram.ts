import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { CommandError } from '../errors';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The stronger one of Amazon DocumentDB's (docs.aws.amazon.com, "Authentication using SCRAM-SHA-256"). */
export const MECHANISM = 'SCRAM-SHA-256';
const HASH = 'sha256';
const ITERATIONS = 15_000;
const HASH_BYTES = 32;

interface Keys {
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** One authentication: the server's first message, and the check of the client's last. */
export interface Conversation {
  readonly firstMessage: Buffer;
  /**
   * @returns the server's signature, by which the client knows that the server has the password too
   * @throws CommandError AuthenticationFailed
   */
  finish(clientFinal: Uint8Array): Buffer;
}

/** The server's side of SCRAM (RFC 5802, RFC 7677) for one user. */
export class Scram {
  private readonly keys: Keys;

  constructor(private readonly credentials: Credentials) {
    const salt = randomBytes(HASH_BYTES - 4);
    const salted = pbkdf2Sync(credentials.password.normalize('NFKC'), salt, ITERATIONS, HASH_BYTES, HASH);
    this.keys = { salt, storedKey: digest(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') };
  }

  /** @throws CommandError AuthenticationFailed for another mechanism or user */
  start(mechanism: string, clientFirst: Uint8Array): Conversation {
    if (mechanism !== MECHANISM) {
      throw new CommandError(18, `Received authentication for mechanism ${mechanism} which is not enabled`);
    }
    // "n,," says that the client doesn't bind to a TLS channel.
    const message = /^[ny],,(n=([^,]*),r=([^,]+))$/.exec(Buffer.from(clientFirst).toString());
    const [, clientFirstBare = '', name = '', clientNonce = ''] = message ?? [];
    if (name.replaceAll('=2C', ',').replaceAll('=3D', '=') !== this.credentials.user) throw failed();
    const { salt, storedKey, serverKey } = this.keys;
    const nonce = `${clientNonce}${randomBytes(18).toString('base64')}`;
    const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${ITERATIONS}`;
    return {
      firstMessage: Buffer.from(serverFirst),
      finish: (clientFinal) => {
        const final = /^(c=([^,]*),r=([^,]*)),p=(.*)$/.exec(Buffer.from(clientFinal).toString());
        const [, withoutProof = '', , finalNonce, proof = ''] = final ?? [];
        if (finalNonce !== nonce) throw failed();
        const authMessage = `${clientFirstBare},${serverFirst},${withoutProof}`;
        const clientKey = exclusiveOr(Buffer.from(proof, 'base64'), hmac(storedKey, authMessage));
        if (!timingSafeEqual(digest(clientKey), storedKey)) throw failed();
        return Buffer.from(`v=${hmac(serverKey, authMessage).toString('base64')}`);
      },
    };
  }
}

function failed(): CommandError {
  return new CommandError(18, 'Authentication failed.');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac(HASH, key).update(text).digest();
}

function digest(data: Buffer): Buffer {
  return createHash(HASH).update(data).digest();
}

function exclusiveOr(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(b.map((byte, index) => byte ^ (a[index] ?? 0)));
}
