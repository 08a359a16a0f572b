import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { CommandError } from '../errors';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Mechanisms of Amazon DocumentDB (docs.aws.amazon.com, "Authentication using SCRAM-SHA-256"), the stronger first. */
const MECHANISMS = {
  'SCRAM-SHA-256': { hash: 'sha256', bytes: 32, iterations: 15_000 },
  'SCRAM-SHA-1': { hash: 'sha1', bytes: 20, iterations: 10_000 },
} as const;
type Mechanism = keyof typeof MECHANISMS;

export const MECHANISM_NAMES: readonly string[] = Object.keys(MECHANISMS);

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

/**
 * The server's side of SCRAM (RFC 5802, RFC 7677) for one user. SCRAM-SHA-1 takes MongoDB's digest of the password for
 * the password (MongoDB "Driver Authentication" specification); SCRAM-SHA-256 takes it as it is.
 */
export class Scram {
  private readonly keys = new Map<Mechanism, Keys>();

  constructor(private readonly credentials: Credentials) {}

  get user(): string {
    return this.credentials.user;
  }

  /** @throws CommandError AuthenticationFailed for another mechanism or user */
  start(mechanism: string, clientFirst: Uint8Array): Conversation {
    if (!Object.hasOwn(MECHANISMS, mechanism)) {
      throw new CommandError(18, `Received authentication for mechanism ${mechanism} which is not enabled`);
    }
    const { hash, iterations } = MECHANISMS[mechanism as Mechanism];
    // "n,," says that the client doesn't bind to a TLS channel.
    const message = /^[ny],,(n=([^,]*),r=([^,]+))$/.exec(Buffer.from(clientFirst).toString());
    const [, clientFirstBare = '', name = '', clientNonce = ''] = message ?? [];
    if (name.replaceAll('=2C', ',').replaceAll('=3D', '=') !== this.user) throw failed();
    const keys = this.keysOf(mechanism as Mechanism);
    const nonce = `${clientNonce}${randomBytes(18).toString('base64')}`;
    const serverFirst = `r=${nonce},s=${keys.salt.toString('base64')},i=${iterations}`;
    return {
      firstMessage: Buffer.from(serverFirst),
      finish: (clientFinal) => {
        const final = /^(c=([^,]*),r=([^,]*)),p=(.*)$/.exec(Buffer.from(clientFinal).toString());
        const [, withoutProof = '', , finalNonce, proof = ''] = final ?? [];
        if (finalNonce !== nonce) throw failed();
        const authMessage = `${clientFirstBare},${serverFirst},${withoutProof}`;
        const clientKey = exclusiveOr(Buffer.from(proof, 'base64'), hmac(hash, keys.storedKey, authMessage));
        if (!timingSafeEqual(digest(hash, clientKey), keys.storedKey)) throw failed();
        return Buffer.from(`v=${hmac(hash, keys.serverKey, authMessage).toString('base64')}`);
      },
    };
  }

  private keysOf(mechanism: Mechanism): Keys {
    const known = this.keys.get(mechanism);
    if (known) return known;
    const { hash, bytes, iterations } = MECHANISMS[mechanism];
    const { user, password } = this.credentials;
    const secret =
      mechanism === 'SCRAM-SHA-1'
        ? digest('md5', `${user}:mongo:${password}`).toString('hex')
        : password.normalize('NFKC');
    const salt = randomBytes(bytes - 4);
    const salted = pbkdf2Sync(secret, salt, iterations, bytes, hash);
    const keys = {
      salt,
      storedKey: digest(hash, hmac(hash, salted, 'Client Key')),
      serverKey: hmac(hash, salted, 'Server Key'),
    };
    this.keys.set(mechanism, keys);
    return keys;
  }
}

function failed(): CommandError {
  return new CommandError(18, 'Authentication failed.');
}

function hmac(hash: string, key: Buffer, text: string): Buffer {
  return createHmac(hash, key).update(text).digest();
}

function digest(hash: string, data: Buffer | string): Buffer {
  return createHash(hash).update(data).digest();
}

function exclusiveOr(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(b.map((byte, index) => byte ^ (a[index] ?? 0)));
}
