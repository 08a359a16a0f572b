import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { startLatencyProxy } from '../../../tools/compare/latency-proxy';

describe('the latency proxy', () => {
  it('hands on all bytes in their order, later in each direction', async () => {
    const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const proxy = await startLatencyProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port }, 20);
    const client = connect({ host: '127.0.0.1', port: proxy.port });
    const sent = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));

    const began = performance.now();
    client.write(sent.subarray(0, 10));
    let firstMs = 0;
    const received: Buffer[] = [];
    client.on('data', (bytes: Buffer) => {
      firstMs ||= performance.now() - began;
      received.push(bytes);
    });
    client.end(sent.subarray(10));
    await once(client, 'end');

    expect(Buffer.concat(received).equals(sent)).toBe(true);
    expect(firstMs).toBeGreaterThanOrEqual(39);
    await proxy.close();
    echo.close();
  });

  it('ends both sides when the store goes', async () => {
    const store = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(store, 'listening');
    const proxy = await startLatencyProxy({ host: '127.0.0.1', port: (store.address() as AddressInfo).port }, 5);
    const client = connect({ host: '127.0.0.1', port: proxy.port });

    client.write('x');
    client.on('error', () => undefined);
    await once(client, 'close');

    await proxy.close();
    store.close();
  });
});
