/**
 * How long a function waits, in milliseconds. Their sum stays below the function's own timeout (5 s), which stays below
 * the task's, so a slow store ends in the error that the function chooses, not in a killed environment.
 */

/** Reading the store's secret, all attempts together. */
export const SECRET_TIMEOUT_MS = 1000;

/**
 * Connecting until the store can take a command: address lookup, TCP, TLS, authentication. More than a second, after
 * which TCP resends a lost first packet: one lost packet on a cold connection is no outage. A refused connection fails
 * at once.
 * Source: https://www.rfc-editor.org/rfc/rfc6298#section-2
 */
export const CONNECT_TIMEOUT_MS = 1500;

/** From sending an increment to its answer, including a store's own retries. */
export const COMMAND_TIMEOUT_MS = 2000;

/**
 * No write of an increment that takes several commands starts later than this after the first of them: its own answer
 * still fits into the time of a command.
 */
export const ATTEMPTS_MS = COMMAND_TIMEOUT_MS / 2;

/**
 * How long loading a function waits for its first connection; the first call shares an attempt that takes longer. Lambda's
 * own timeout doesn't count the loading but the task's does, and is a second longer: this leaves half of that for the rest
 * of a cold start. So a call to a store that is down still ends by the function's error, and not as unknown.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export const CONNECT_AHEAD_MS = 500;

/**
 * A connection unused for longer is replaced before use. A frozen environment doesn't notice that the server or a load
 * balancer has dropped its connection: network load balancers do so after 350 s, TiDB Cloud after 300 s.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#connection-idle-timeout
 */
export const MAX_IDLE_MS = 60_000;
