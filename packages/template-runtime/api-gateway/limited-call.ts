import type { Clock } from '../clock';
import { Scope } from '../scope';
import { GatewayError } from './gateway-error';

/** How long an integration may take. */
export interface CallLimits {
  readonly timeoutMs: number;
  /** Ends when the API does. */
  readonly closing: Scope;
  readonly clock: Clock;
}

/**
 * Calls the integration behind a method, and waits no longer than API Gateway does.
 *
 * @throws GatewayError INTEGRATION_TIMEOUT, what `call` throws of that kind, or INTEGRATION_FAILURE
 */
export function callWithin<Result>(
  { timeoutMs, closing, clock }: CallLimits,
  call: (scope: Scope) => Promise<Result>,
): Promise<Result> {
  const scope = new Scope(closing);
  return new Promise((resolve, reject) => {
    const cancelTimeout = clock.after(timeoutMs, () => {
      const error = new GatewayError('INTEGRATION_TIMEOUT');
      reject(error);
      scope.end(error);
    });
    const end = (): void => {
      cancelTimeout();
      scope.close();
    };
    call(scope).then(
      (result) => {
        end();
        resolve(result);
      },
      (cause: unknown) => {
        end();
        reject(
          cause instanceof GatewayError ? cause : new GatewayError('INTEGRATION_FAILURE', undefined, '', { cause }),
        );
      },
    );
  });
}
