import type { IncomingMessage } from 'node:http';
import { ApiProblem } from './answers';
import type { ReadBody, StartBody } from './shapes';

/** An input of 256 KiB whose every character is escaped, and the rest. */
const MOST_BYTES = 2 * 2 ** 20;

/** @throws ApiProblem 400 or 413 */
export async function readStartBody(request: IncomingMessage): Promise<StartBody> {
  const { stateMachineArn, input, name } = await readObject<StartBody>(request);
  if (typeof stateMachineArn !== 'string') throw new ApiProblem(400, 'stateMachineArn must be a string');
  if (typeof input !== 'string') throw new ApiProblem(400, 'input must be a string of JSON');
  if (name !== undefined && typeof name !== 'string') throw new ApiProblem(400, 'name must be a string');
  return { stateMachineArn, input, ...(name !== undefined && { name }) };
}

/** @throws ApiProblem 400 or 413 */
export async function readCounterBody(request: IncomingMessage): Promise<ReadBody> {
  const { store, id } = await readObject<ReadBody>(request);
  if (typeof store !== 'string' || typeof id !== 'string') throw new ApiProblem(400, 'store and id must be strings');
  return { store, id };
}

async function readObject<Body>(request: IncomingMessage): Promise<Partial<Record<keyof Body, unknown>>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new ApiProblem(413, `The body must have ${MOST_BYTES} bytes at most`);
    chunks.push(chunk);
  }
  return Object(parse(Buffer.concat(chunks).toString('utf8'))) as Partial<Record<keyof Body, unknown>>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiProblem(400, 'The body must be JSON');
  }
}
