import type { Socket } from 'node:net';
import { BSONError } from 'bson';
import type { Document } from '../values/document';
import { messageLength, ProtocolError, readRequest, type Request, writeReply } from './message';

/**
 * Answers the messages of a connection in their order, each before the next.
 *
 * @param answer from a command's fields to the reply
 */
export function serveConnection(socket: Socket, answer: (body: Document) => Document): void {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const serve = (message: Buffer): void => {
    const request: Request = readRequest(message);
    const reply = answer(request.body);
    if (!request.silent) socket.write(writeReply(request, reply));
  };
  socket.on('data', (chunk: Buffer) => {
    pending.push(chunk);
    pendingBytes += chunk.length;
    try {
      const first = pending[0];
      // A large message comes in many chunks: they are joined once, when it is complete.
      const wanted = first && messageLength(first);
      if (wanted !== undefined && wanted > pendingBytes) return;
      let buffer = pending.length === 1 && first ? first : Buffer.concat(pending, pendingBytes);
      for (
        let length = messageLength(buffer);
        length !== undefined && length <= buffer.length;
        length = messageLength(buffer)
      ) {
        serve(buffer.subarray(0, length));
        buffer = buffer.subarray(length);
      }
      pending = buffer.length === 0 ? [] : [buffer];
      pendingBytes = buffer.length;
    } catch (error) {
      // What can't be read can't be answered: MongoDB ends the connection too.
      if (error instanceof ProtocolError || error instanceof BSONError || error instanceof RangeError) socket.destroy();
      else throw error;
    }
  });
}
