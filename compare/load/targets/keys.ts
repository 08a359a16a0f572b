import { randomBytes } from 'node:crypto';

/** Makes idempotency keys that nobody else makes, of the characters that a counter id may have. */
export function freshKeys(): () => string {
  const session = randomBytes(9).toString('base64url');
  let made = 0;
  return () => `${session}-${(made += 1)}`;
}
