import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { awsEndpoint } from '../../http/aws-endpoint';
import { type HttpServer, readBody, sendJson, startHttpServer } from '../../http/server';
import { attack } from '../../../../test/local/hostile-clients';
import { apiClient, type Answer, type CallOptions } from '../../../../test/local/api-client';

describe('the HTTP server of the runtime', () => {
  let server: HttpServer;
  let client: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    const echo = awsEndpoint({
      AWSStepFunctions: async (action, body) =>
        Promise.resolve({ status: 200, headers: {}, body: `${action} ${body}` }),
    });
    server = await startHttpServer({
      port: 0,
      routes: [
        echo,
        (request, response) =>
          request.url === '/length'
            ? readBody(request).then((body) => sendJson(response, 200, { length: body.length }))
            : undefined,
        (request) => (request.url === '/broken' ? Promise.reject(new Error('broken')) : undefined),
      ],
    });
    client = apiClient({ port: server.port, apiKey: '' });
  });

  afterAll(async () => {
    client.close();
    await server.close();
  });

  const call = (path: string, options?: CallOptions): Promise<Answer> => client.call(path, options);
  const raw = async (bytes: string | Buffer): Promise<string> => {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(bytes);
    return text(socket);
  };

  it.each([
    '127.0.0.1',
    '127.0.0.1:3000',
    'localhost',
    'LOCALHOST:3000',
    'localhost.',
    'sync-localhost:3000',
    'sync-127.0.0.1:3000',
    'api.localhost:3000',
    '[::1]:3000',
  ])('answers by the names of loopback: %s', async (host) => {
    const { status } = await call('/length', { headers: { Host: host }, body: 'four' });

    expect(status).toBe(200);
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    'evil-localhost',
    'sync-evil.example',
    '10.0.0.1',
    '127.0.0.1.evil.example',
  ])('refuses another name, which a web page may have given to this machine, and says why: %j', async (host) => {
    const { status, body } = await call('/length', { headers: { Host: host } });

    expect(status).toBe(403);
    expect(body).toEqual({
      message: `Host must be this machine, such as 127.0.0.1:${server.port}, got ${JSON.stringify(host)}: so no web page reaches the runtime by a name of its own`,
    });
  });

  it('refuses another name in words that an AWS SDK shows', async () => {
    const { status, body } = await call('/', {
      headers: { Host: 'evil.example', 'X-Amz-Target': 'AWSStepFunctions.ListStateMachines' },
    });

    expect(status).toBe(403);
    expect(body?.['__type']).toBe('AccessDeniedException');
    expect(body?.['message']).toContain('evil.example');
  });

  it('lists the services for the SDK of another one', async () => {
    const { status, body } = await call('/', { headers: { 'X-Amz-Target': 'DynamoDB_20120810.GetItem' } });

    expect(status).toBe(400);
    expect(body).toEqual({
      __type: 'UnknownOperationException',
      message: '"DynamoDB_20120810" is not served here, only AWSStepFunctions',
    });
  });

  it('takes a target of AWS only where the protocol has it', async () => {
    const headers = { 'X-Amz-Target': 'AWSStepFunctions.StartExecution' };

    expect((await call('/', { headers, body: '{}' })).text).toBe('StartExecution {}');
    expect((await call('/length', { headers, body: '{}' })).body).toEqual({ length: 2 });
  });

  it('names a path without a route', async () => {
    const { status, body } = await call('/nowhere', { method: 'GET' });

    expect(status).toBe(404);
    expect(body).toEqual({ message: 'Nothing here answers GET /nowhere' });
  });

  it('refuses a body that is too large, and the client can read that', async () => {
    const { status, body } = await call('/length', { body: Buffer.alloc(11 * 1024 * 1024) });

    expect(status).toBe(413);
    expect(body).toEqual({ message: 'A body may have 10485760 bytes at most' });
  });

  it.each([
    ['a TLS client', Buffer.from('16030100c8010000c40303', 'hex'), 'HTTP/1.1 400 Bad Request', 'speaks plain HTTP/1.1'],
    ['garbage', Buffer.alloc(64, 0xff), 'HTTP/1.1 400 Bad Request', 'speaks plain HTTP/1.1'],
    ['headers without end', `GET / HTTP/1.1\r\nA: ${'a'.repeat(20_000)}`, 'HTTP/1.1 431', 'headers are too large'],
  ])('explains to %s what is wrong', async (_, bytes, status, reason) => {
    const answer = await raw(bytes);

    expect(answer).toContain(status);
    expect(answer).toContain('Content-Type: application/json');
    expect(answer).toContain(reason);
  });

  it('goes on for others while it is sent what no client should', async () => {
    const statuses: number[] = [];
    let isOver = false;
    const calling = (async () => {
      while (!isOver || statuses.length < 20) statuses.push((await call('/length', { body: 'four' })).status);
    })();

    await attack(server.port).finally(() => (isOver = true));
    await calling;

    expect(new Set(statuses)).toEqual(new Set([200]));
  }, 60_000);
});
