import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type LossyProxy, startLossyProxy } from '../../../tools/demo/lossy-proxy';

let api: Server;
let proxy: LossyProxy;

/** Asks through a proxy that sends the request twice, before an API that gives these answers. */
async function askTwice(statuses: readonly number[]): Promise<{ status: number; body: string } | 'reset'> {
  let asked = 0;
  api = createServer((_request, response) => {
    asked += 1;
    response.writeHead(statuses[asked - 1] ?? 500).end(`answer ${asked}`);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  proxy = await startLossyProxy((api.address() as AddressInfo).port, { fateOf: () => 'send-twice' });
  const answer = await fetch(`${proxy.url}/redis/votes`, { method: 'POST' }).catch(() => 'reset' as const);
  expect(asked).toBe(2);
  return answer === 'reset' ? answer : { status: answer.status, body: await answer.text() };
}

afterEach(() => {
  proxy.close();
  api.close();
});

describe('a request that is sent twice', () => {
  it('has one of the answers', async () => {
    expect(await askTwice([200, 200])).toEqual({ status: 200, body: expect.stringMatching(/^answer [12]$/) as string });
    proxy.close();
    api.close();
    expect(await askTwice([503, 503])).toMatchObject({ status: 503 });
  });

  it('has none where one was counted and the other was not: neither answer would be true of both', async () => {
    expect(await askTwice([200, 503])).toBe('reset');
    proxy.close();
    api.close();
    expect(await askTwice([503, 200])).toBe('reset');
  });
});
