import { serveThread } from '../../worker/serve-thread';
import type { ThreadProtocol } from '../../worker/protocol';

/** The smallest thread: it answers what it is sent, unless that is a word that it obeys. */
export interface EchoProtocol extends ThreadProtocol {
  readonly data: { readonly greeting: string };
  readonly ready: string;
  readonly request: string;
  readonly answer: string;
  readonly note: string;
}

const held: (() => void)[] = [];

void serveThread<EchoProtocol>(({ greeting }, owner) => {
  if (greeting === '') throw Object.assign(new RangeError('no greeting'), { code: 'ERR_GREETING' });
  return {
    ready: greeting,
    async handle(request, answer) {
      if (request === 'refuse') throw new TypeError('refused');
      if (request === 'exit') process.exit(7);
      if (request === 'throw') setImmediate(() => void Promise.reject(new SyntaxError('thrown')));
      if (request === 'loop') for (;;);
      if (request === 'release') for (const release of held.splice(0).reverse()) release();
      if (request.startsWith('hold') || request === 'throw') await new Promise<void>((resolve) => held.push(resolve));
      owner.tell(`answering ${request}`);
      answer(request);
    },
  };
});
