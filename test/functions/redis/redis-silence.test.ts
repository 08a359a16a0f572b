import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { StoreUnavailableError } from '../../../functions/counter-store';
import { errorOf } from '../../counter-store.contract';
import { STORES } from '../stores-under-fault';

describe('a server that takes a connection and says nothing', () => {
  const sockets: Socket[] = [];
  let server: Server;

  beforeEach(async () => {
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  it('makes Redis unavailable: the increment comes after AUTH and is never sent', async () => {
    const { port } = server.address() as AddressInfo;
    const store = STORES.redis.open({ host: '127.0.0.1', port, user: 'counter', password: 'secret' });

    const error = await errorOf(store.increment('votes'));

    expect(error).toBeInstanceOf(StoreUnavailableError);
    await store.close();
  });
});
