import type { Socket } from 'node:net';
import { execute } from './commands/registry';
import type { RedisServer } from './redis-server';
import { encodeReply } from './resp-writer';
import { ProtocolError, RequestReader } from './resp-reader';

/** Serves one client: what has arrived is carried out in order and answered by a single write. */
export function serveConnection(server: RedisServer, socket: Socket): void {
  const session = server.openSession(`${socket.remoteAddress}:${socket.remotePort}`);
  const reader = new RequestReader();
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    reader.push(chunk);
    let replies = '';
    try {
      for (let words = reader.next(); words !== undefined && !session.quitting; words = reader.next()) {
        const reply = execute(session, words);
        replies += encodeReply(reply, session.protocol);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      replies += `-${error.message}\r\n`;
      session.quitting = true;
    }
    if (replies !== '' && !socket.write(replies, 'latin1')) {
      // A client that doesn't read its replies gets no more of them until it does.
      socket.pause();
      socket.once('drain', () => socket.resume());
    }
    if (session.quitting) socket.end();
  });
  socket.on('close', () => server.closeSession(session));
  socket.on('error', () => socket.destroy()); // the client is gone; 'close' follows
}
