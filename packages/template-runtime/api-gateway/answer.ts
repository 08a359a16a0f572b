import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';

/** Whether a text can be the value of a header: one with a line end would begin another header. */
export function isHeaderValue(text: string): boolean {
  return !/[^\t\x20-\x7e\x80-\xff]/.test(text);
}

/** An answer to a client, before it is written. Names of headers keep their spelling; their case doesn't matter. */
export class Answer {
  private readonly headers = new Map<string, [name: string, value: string | string[]]>();

  /**
   * @param status of HTTP, 200 to 599
   * @param body text
   */
  constructor(
    readonly status: number,
    readonly body: string,
  ) {}

  /**
   * Sets a header, in place of one of the same name.
   *
   * @throws TypeError for characters that a header can't have
   */
  set(name: string, value: string | string[]): void {
    validateHeaderName(name);
    for (const item of typeof value === 'string' ? [value] : value) validateHeaderValue(name, item);
    this.headers.set(name.toLowerCase(), [name, value]);
  }

  /** Sends the answer. */
  write(response: ServerResponse): void {
    const headers: (string | string[])[] = [];
    for (const [name, value] of this.headers.values()) headers.push(name, value);
    if (this.status !== 204 && this.status !== 304) headers.push('Content-Length', String(this.bodyBytes));
    response.writeHead(this.status, headers as string[]);
    response.end(this.body); // as text: Node writes it together with the head, in one call
  }

  /** Size of the body in UTF-8. */
  get bodyBytes(): number {
    return Buffer.byteLength(this.body);
  }
}
