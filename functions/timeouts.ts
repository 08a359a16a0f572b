/**
 * How long a function waits, in milliseconds. Their sum stays below the function's own timeout (5 s), which stays below
 * the task's: so a slow store ends as the error that the function chooses, not as a killed environment.
 */

/** Reading the store's secret, all attempts together. */
export const SECRET_TIMEOUT_MS = 1000;

/**
 * Reaching the store until it can take a command: address lookup, TCP, TLS, authentication. More than a second, after
 * which TCP repeats a first packet that was lost: one lost packet on a cold connection is no outage. A refused connection
 * doesn't wait for it.
 * Source: https://www.rfc-editor.org/rfc/rfc6298#section-2
 */
export const CONNECT_TIMEOUT_MS = 1500;

/** From sending an increment to its answer, repetitions that a store allows itself included. */
export const COMMAND_TIMEOUT_MS = 2000;

/**
 * A connection unused for longer is replaced before use. While an environment is frozen, nothing tells it that the
 * server or a load balancer has given its connection up: network load balancers do so after 350 s, TiDB Cloud after 300 s.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#connection-idle-timeout
 */
export const MAX_IDLE_MS = 60_000;
