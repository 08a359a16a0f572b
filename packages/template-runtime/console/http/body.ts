import type { IncomingMessage } from 'node:http';
import { ApiProblem } from './answers';

/** An input of 256 KiB whose every character is escaped, and the rest. */
const MOST_BYTES = 2 * 2 ** 20;

/** The fields of a JSON body; what they hold isn't checked. @throws ApiProblem 400 or 413 */
export async function readBody<T>(request: IncomingMessage): Promise<Readonly<Record<keyof T, unknown>>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new ApiProblem(413, `The body must have ${MOST_BYTES} bytes at most`);
    chunks.push(chunk);
  }
  try {
    return Object(JSON.parse(Buffer.concat(chunks).toString('utf8'))) as Readonly<Record<keyof T, unknown>>;
  } catch {
    throw new ApiProblem(400, 'The body must be JSON');
  }
}
