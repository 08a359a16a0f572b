import type { IncrementResult } from '../../exactness';

/** How a call ended, as far as its answer proves it. */
export type Answer = (
  | IncrementResult
  /** Not let through, such as by a usage plan: not applied, but nothing that the store decided either. */
  | { readonly status: 'throttled' }
  /** Neither counted nor refused in a way that proves anything. */
  | { readonly status: 'failed' }
) & {
  /** What the target said, where that explains a call that the store didn't decide. */
  readonly reason?: string;
};

/** A target, ready for calls. */
export interface Caller {
  /**
   * Adds one to counter `id`. Never rejects, and is never repeated.
   *
   * @param key sent where the target takes one. @default - a new one
   */
  increment(id: string, key?: string): Promise<Answer>;
  close(): Promise<void>;
}

/** Lets a call fail before it was sent: there was no connection that it could have gone by. */
export function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(wasNeverSent);
  return syscall === 'connect' || syscall === 'getaddrinfo';
}

/** An error in a few words, such as "connect ECONNREFUSED 127.0.0.1:3000". */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
