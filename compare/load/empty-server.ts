import { createServer, type AddressInfo } from 'node:net';

/**
 * A server that does nothing but count: every call is answered at once, over kept connections. It parses no HTTP, as its time
 * would be the generator's: a request without a body comes in one piece over loopback.
 */
function main(): void {
  let counter = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      const body = `{"counter":${(counter += 1)}}`;
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    });
  });
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}

main();
