import type { IncomingMessage } from 'node:http';
import { ApiProblem } from '../http/answers';
import { readBody } from '../http/body';
import type { ReadBody, StartBody } from '../shapes';

/** @throws ApiProblem 400 or 413 */
export async function readStartBody(request: IncomingMessage): Promise<StartBody> {
  const { stateMachineArn, input, name } = await readBody<StartBody>(request);
  if (typeof stateMachineArn !== 'string') throw new ApiProblem(400, 'stateMachineArn must be a string');
  if (typeof input !== 'string') throw new ApiProblem(400, 'input must be a string of JSON');
  if (name !== undefined && typeof name !== 'string') throw new ApiProblem(400, 'name must be a string');
  return { stateMachineArn, input, ...(name !== undefined && { name }) };
}

/** @throws ApiProblem 400 or 413 */
export async function readCounterBody(request: IncomingMessage): Promise<ReadBody> {
  const { store, id } = await readBody<ReadBody>(request);
  if (typeof store !== 'string' || typeof id !== 'string') throw new ApiProblem(400, 'store and id must be strings');
  return { store, id };
}
