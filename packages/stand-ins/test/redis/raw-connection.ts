import { connect, type Socket } from 'node:net';

/** A connection that shows replies exactly as they were sent. */
export interface RawConnection {
  /** Sends a request; the reply has `~` for line breaks, and none at its end. */
  ask(words: readonly string[]): Promise<string>;
  /** Sends bytes as they are. */
  send(text: string): void;
  /** The next reply. */
  receive(): Promise<string>;
  /** Resolves when the server has ended the connection, with what it had sent before. */
  ended(): Promise<string>;
  close(): void;
}

/** Text has one character per byte. */
export async function connectRaw(port: number, host = '127.0.0.1'): Promise<RawConnection> {
  const socket: Socket = connect(port, host);
  let received = '';
  let wake = (): void => undefined;
  const progress = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
    wake();
  });
  socket.on('close', () => wake());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });

  const receive = async (): Promise<string> => {
    for (;;) {
      const end = replyEnd(received, 0);
      if (end !== undefined) {
        const reply = received.slice(0, end - 2);
        received = received.slice(end);
        return reply.replaceAll('\r\n', '~');
      }
      if (socket.closed) throw new Error(`the connection ended after ${JSON.stringify(received)}`);
      await progress();
    }
  };
  const send = (text: string): void => void socket.write(text, 'latin1');
  return {
    send,
    receive,
    ask: (words) => {
      send(`*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`);
      return receive();
    },
    ended: async () => {
      while (!socket.closed) await progress();
      return received;
    },
    close: () => socket.destroy(),
  };
}

/** Where the reply that begins at `start` ends; undefined while it is incomplete. */
function replyEnd(text: string, start: number): number | undefined {
  const lineEnd = text.indexOf('\r\n', start);
  if (lineEnd === -1) return undefined;
  const size = Number(text.slice(start + 1, lineEnd));
  let end: number | undefined = lineEnd + 2;
  switch (text[start]) {
    case '$':
    case '=':
      if (size >= 0) end += size + 2;
      return end <= text.length ? end : undefined;
    case '*':
    case '%': {
      const elements = text[start] === '%' ? size * 2 : size;
      for (let element = 0; element < elements && end !== undefined; element += 1) end = replyEnd(text, end);
      return end;
    }
    default:
      return end;
  }
}
