import type { MessageSource } from '../cloudwatch/logs';

/** The numbers of an invocation's lines. */
export const [START_LINE, END_LINE, REPORT_LINE] = [0, 1, 2];

/**
 * The lines that the runtime writes about an invocation, printed when somebody reads them.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export class InvocationLines implements MessageSource {
  #durationMs = 0;
  #initMs = 0;
  #peakHeapMb = 0;
  #status: string | undefined;

  constructor(
    private readonly requestId: string,
    private readonly memorySizeMb: number,
  ) {}

  /**
   * @param initMs how long the environment took to start, where this is its first invocation
   * @param status what REPORT says of an invocation that failed
   */
  end(durationMs: number, initMs: number, peakHeapMb: number, status: string | undefined): void {
    this.#durationMs = durationMs;
    this.#initMs = initMs;
    this.#peakHeapMb = peakHeapMb;
    this.#status = status;
  }

  print(line: number): string {
    if (line === START_LINE) return `START RequestId: ${this.requestId} Version: $LATEST\n`;
    if (line === END_LINE) return `END RequestId: ${this.requestId}\n`;
    const fields = [
      `REPORT RequestId: ${this.requestId}`,
      `Duration: ${this.#durationMs.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(this.#durationMs + this.#initMs)} ms`,
      `Memory Size: ${this.memorySizeMb} MB`,
      `Max Memory Used: ${this.#peakHeapMb} MB`,
      ...(this.#initMs > 0 ? [`Init Duration: ${this.#initMs.toFixed(2)} ms`] : []),
      ...(this.#status === undefined ? [] : [this.#status]),
    ];
    return `${fields.join('\t')}\n`;
  }
}
