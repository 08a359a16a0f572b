/**
 * API Gateway throttles by token buckets: a bucket holds up to `burst` requests and fills by `rate` a second
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html).
 * AWS applies limits as best effort over many hosts; this one is exact.
 */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  /** @param now milliseconds */
  constructor(
    private readonly rate: number,
    private readonly burst: number,
    private readonly now: () => number,
  ) {
    this.tokens = burst;
    this.filledAt = now();
  }

  /** Takes a token for a request; false where there is none, so that the request is refused. */
  take(): boolean {
    const now = this.now();
    const elapsedMs = Math.max(0, now - this.filledAt); // a clock that was set back adds nothing
    this.tokens = Math.min(this.burst, this.tokens + (elapsedMs * this.rate) / 1000);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
