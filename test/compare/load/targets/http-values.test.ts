import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Caller, type HttpTarget, openTarget } from '../../../../compare/load';

/** A limiter of 5: it tells what remains, in a header and in its body, and which key it was sent. */
function startLimiter(): Server {
  let used = 0;
  return createServer((request, response) => {
    used += 1;
    const remaining = Math.max(0, 5 - used);
    response
      .writeHead(used > 5 ? 429 : 200, { 'X-RateLimit-Remaining': String(remaining) })
      .end(JSON.stringify({ remaining, key: Number(request.headers['x-key']) }));
  }).listen(0, '127.0.0.1');
}

describe('an HTTP target', () => {
  let server: Server;
  let caller: Caller | undefined;
  beforeEach(async () => {
    server = startLimiter();
    await once(server, 'listening');
  });
  afterEach(async () => {
    await caller?.close();
    server.close();
  });

  const open = async (rest: Pick<HttpTarget, 'valuePath' | 'remainingOf' | 'keyHeader'>): Promise<Caller> => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{id}`;
    const statuses = { limitReached: [429] };
    caller = await openTarget({ kind: 'http', method: 'POST', url, headers: {}, statuses, ...rest }, 5000);
    return caller;
  };

  it.each(['$.remaining', 'header:x-ratelimit-remaining'])(
    'counts up to its limit by what remains: %s',
    async (where) => {
      const { increment } = await open({ valuePath: where, remainingOf: 5 });

      const answers = [];
      for (let call = 0; call < 6; call += 1) answers.push(await increment('x'));

      expect(answers).toEqual([
        ...[1, 2, 3, 4, 5].map((counter) => ({ status: 'incremented', counter })),
        { status: 'limit-reached', counter: 5 },
      ]);
    },
  );

  it('sends the key that it is given', async () => {
    const { increment } = await open({ valuePath: '$.key', keyHeader: 'x-key' });

    expect(await increment('x', '17')).toEqual({ status: 'incremented', counter: 17 });
  });
});
