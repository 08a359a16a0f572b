import { connect, type Socket } from 'node:net';
import { startLoopbackListener } from 'template-runtime/http';
import { type Document, readDocument } from 'stand-ins/docdb';
import { messageLength, readRequest, type Request, writeReply } from 'stand-ins/docdb';

/** A command's failure, as a server answers it. */
export interface Failure {
  readonly code: number;
  readonly errmsg?: string;
}

/**
 * What becomes of an update.
 *
 * - `refuse` answers the error, and the store learns of nothing
 * - `apply-then-fail` lets the store apply it, and answers the error in place of the store's answer
 * - `write-concern-error` lets the store apply it, and adds to its answer that it couldn't be replicated
 * - `cut-before` and `cut-after` cut the connection, before the store learns of it or once it has applied it
 */
export type Fault =
  | { readonly kind: 'refuse' | 'apply-then-fail' | 'write-concern-error'; readonly failure: Failure }
  | { readonly kind: 'cut-before' | 'cut-after' };

/** A server in front of a store that answers `findAndModify` as told, and presents itself as the replica set's one member. */
export interface DocdbFront {
  readonly port: number;
  /** The updates that clients have sent, in their order. */
  readonly updates: readonly Document[];
  /** How many of them the store has been given. */
  readonly forwarded: number;
  /** Says what happens to an update. @default - it is passed on */
  faultOf: (update: Document) => Fault | undefined;
  /** Whether it says that it is the primary. */
  isPrimary: boolean;
  close(): Promise<void>;
}

/** The bytes of OP_REPLY before its document. */
const REPLY_HEAD_BYTES = 36;
const HELLO = new Set(['hello', 'isMaster', 'ismaster']);

export async function startDocdbFront(storePort: number): Promise<DocdbFront> {
  const updates: Document[] = [];
  let forwarded = 0;
  const listener = await startLoopbackListener({
    port: 0,
    onConnection: (client) => {
      const store = connect(storePort, '127.0.0.1');
      const cut = (): void => {
        client.destroy();
        store.destroy();
      };
      for (const socket of [client, store]) socket.on('error', cut).on('close', cut);
      /** What is done with each answer of the store; answers come in the order of the requests. */
      const waiting: ((answer: Buffer) => void)[] = [];
      const forward = (message: Buffer, then: (answer: Buffer) => void): void => {
        waiting.push(then);
        store.write(message);
      };
      const reply = (request: Request, body: Document): unknown => client.write(writeReply(request, body));

      const update = (request: Request, message: Buffer): void => {
        updates.push(request.body);
        const fault = front.faultOf(request.body);
        if (fault?.kind === 'refuse') return void reply(request, failed(fault.failure));
        if (fault?.kind === 'cut-before') return cut();
        forwarded += 1;
        forward(message, (answer) => {
          switch (fault?.kind) {
            case 'cut-after':
              return cut();
            case 'apply-then-fail':
              return reply(request, failed(fault.failure));
            case 'write-concern-error':
              return reply(request, {
                ...readRequest(answer).body,
                writeConcernError: { errmsg: 'waiting for replication failed', ...fault.failure },
              });
            default:
              return client.write(answer);
          }
        });
      };

      onMessages(client, (message) => {
        const request = readRequest(message);
        const [name = ''] = Object.keys(request.body);
        if (name === 'findAndModify') return update(request, message);
        forward(message, (answer) => {
          if (!HELLO.has(name)) return client.write(answer);
          const body = request.legacy ? readDocument(answer.subarray(REPLY_HEAD_BYTES)) : readRequest(answer).body;
          return reply(request, { ...body, ...membership(listener.port, front.isPrimary) });
        });
      });
      onMessages(store, (answer) => waiting.shift()?.(answer));
    },
  });
  const front: DocdbFront = {
    port: listener.port,
    updates,
    get forwarded() {
      return forwarded;
    },
    faultOf: () => undefined,
    isPrimary: true,
    close: () => listener.stop(),
  };
  return front;
}

function failed({ code, errmsg = 'in trouble' }: Failure): Document {
  return { ok: 0, code, codeName: `Code${code}`, errmsg };
}

function membership(port: number, isPrimary: boolean): Document {
  const me = `127.0.0.1:${port}`;
  const primary = isPrimary ? { primary: me } : { primary: undefined };
  return { hosts: [me], me, ismaster: isPrimary, isWritablePrimary: isPrimary, secondary: !isPrimary, ...primary };
}

/** Cuts a socket's bytes into messages. */
function onMessages(socket: Socket, take: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (
      let length = messageLength(rest);
      length !== undefined && length <= rest.length;
      length = messageLength(rest)
    ) {
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      take(message);
    }
  });
}
