import type { Socket } from 'node:net';
import { execute } from './commands/call';
import type { Session } from './commands/command';
import { openSession } from './commands/registry';
import type { RedisServer } from './redis-server';
import { ProtocolError, RequestReader } from './resp-reader';
import { encodeReply } from './resp-writer';

/** Replies are written when so many bytes of them are ready, or when no more requests are. */
const BATCH_BYTES = 1024 * 1024;

/** Serves one client: its requests are carried out in order, and answered as far as it reads the answers. */
export function serveConnection(server: RedisServer, socket: Socket): void {
  const session = openSession(server);
  const reader = new RequestReader();
  server.clients += 1;

  const serve = (): void => {
    while (!session.quitting) {
      const replies = nextReplies(session, reader);
      if (replies === '') return;
      server.journal?.flush(); // before anybody learns of what was written
      const flushed = socket.write(replies, 'latin1');
      if (session.quitting) {
        socket.end();
      } else if (!flushed) {
        // A client that doesn't read its answers gets nothing carried out until it does.
        socket.pause();
        socket.once('drain', () => {
          socket.resume();
          serve();
        });
        return;
      }
    }
  };

  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    reader.push(chunk);
    if (!socket.writableNeedDrain) serve();
  });
  socket.on('close', () => (server.clients -= 1));
  socket.on('error', () => socket.destroy()); // the client is gone; 'close' follows
}

/** Carries out what has arrived; empty when there is no complete request. */
function nextReplies(session: Session, reader: RequestReader): string {
  let replies = '';
  try {
    while (!session.quitting && replies.length < BATCH_BYTES) {
      const words = reader.next();
      if (words === undefined) return replies;
      replies += encode(session, words);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    session.quitting = true;
    replies += `-${error.message}\r\n`;
  }
  return replies;
}

function encode(session: Session, words: readonly string[]): string {
  const reply = execute(session, words);
  try {
    return encodeReply(reply);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return '-ERR the reply is larger than the embedded Redis can send\r\n';
  }
}
