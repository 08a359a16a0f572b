import type { Clock } from '../clock';
import { GatewayError } from './gateway-error';

/** How long an integration may take. */
export interface CallLimits {
  readonly timeoutMs: number;
  /** Aborts when the API ends. */
  readonly closing: AbortSignal;
  readonly clock: Clock;
}

/**
 * Calls the integration behind a method, and waits no longer than API Gateway does.
 *
 * @throws GatewayError INTEGRATION_TIMEOUT, what `call` throws of that kind, or INTEGRATION_FAILURE
 */
export function callWithin<Result>(
  { timeoutMs, closing, clock }: CallLimits,
  call: (abort: { readonly signal: AbortSignal }) => Promise<Result>,
): Promise<Result> {
  const abort = new LazyAbort(closing);
  return new Promise((resolve, reject) => {
    const cancelTimeout = clock.after(timeoutMs, () => {
      const error = new GatewayError('INTEGRATION_TIMEOUT');
      reject(error);
      abort.abort(error);
    });
    const end = (): void => {
      cancelTimeout();
      abort.release();
    };
    call(abort)
      .finally(end)
      .then(resolve, (cause: unknown) =>
        reject(
          cause instanceof GatewayError ? cause : new GatewayError('INTEGRATION_FAILURE', undefined, '', { cause }),
        ),
      );
  });
}

/** A signal that is created on first access: creating one costs more than rendering a mapping template. */
class LazyAbort {
  private controller: AbortController | undefined;

  constructor(private readonly closing: AbortSignal) {}

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.closing.aborted) this.onClosing();
      else this.closing.addEventListener('abort', this.onClosing);
    }
    return this.controller.signal;
  }

  abort(reason: Error): void {
    this.controller?.abort(reason);
  }

  /** Lets go of the API's own signal, which outlives the call. */
  release(): void {
    if (this.controller !== undefined) this.closing.removeEventListener('abort', this.onClosing);
  }

  private readonly onClosing = (): void => {
    this.controller?.abort(this.closing.reason);
  };
}
