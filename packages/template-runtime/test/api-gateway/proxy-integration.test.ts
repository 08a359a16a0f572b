import { UnsupportedTemplateError } from '../../cloudformation/resource';
import type { InvokeFunction } from '../../api-gateway';
import { api, type Fields, method, type Request, type Reply, resource, serve } from './fixture';

const ARN = 'arn:aws:lambda:eu-central-1:111122223333:function:answers';

const proxy = (fields: Fields = {}): Fields => ({
  Integration: {
    Type: 'AWS_PROXY',
    IntegrationHttpMethod: 'POST',
    Uri: `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${ARN}/invocations`,
    ...fields,
  },
});

const proxyApi = (fields: Fields = {}) =>
  api(
    resource('Resource', 'Store', { ParentId: 'root', PathPart: 'store' }), // beside {proxy+} no {store} can stand
    resource('Resource', 'Rest', { ParentId: 'root', PathPart: '{proxy+}' }),
    method('Rest', 'ANY', proxy(fields)),
    resource('Stage', 'Stage', { StageName: 'prod', DeploymentId: 'Deployment', Variables: { color: 'blue' } }),
  );

/** The answer to one request, and the event that the function got. */
async function sent(
  request: Request,
  invoke: InvokeFunction,
  fields: Fields = {},
): Promise<{ reply: Reply; functionArn: string; event: Record<string, unknown> }> {
  let [functionArn, event] = ['', {}];
  const served = await serve(proxyApi(fields), {
    invokeFunction: (arn, payload, scope) => {
      [functionArn, event] = [arn, JSON.parse(payload) as Record<string, unknown>];
      return invoke(arn, payload, scope);
    },
  });
  try {
    return { reply: await served.send(request), functionArn, event };
  } finally {
    await served.close();
  }
}

const returning = (value: unknown) => () => Promise.resolve({ payload: JSON.stringify(value) });

describe('a proxy integration', () => {
  it('hands the request to the function in the form recorded on AWS', async () => {
    const { functionArn, event } = await sent(
      {
        method: 'POST',
        path: '/prod/a%40b/c?x=1&x=2&y=',
        headers: ['Host', '127.0.0.1', 'X-Tag', '1', 'x-tag', '2'],
        body: '{"n":1}',
      },
      returning({}),
    );

    expect(functionArn).toBe(ARN);
    expect(event).toEqual({
      resource: '/{proxy+}',
      path: '/a%40b/c',
      httpMethod: 'POST',
      headers: { Host: '127.0.0.1', 'X-Tag': '2' },
      multiValueHeaders: { Host: ['127.0.0.1'], 'X-Tag': ['1', '2'] },
      queryStringParameters: { x: '2', y: '' },
      multiValueQueryStringParameters: { x: ['1', '2'], y: [''] },
      pathParameters: { proxy: 'a%40b/c' },
      stageVariables: { color: 'blue' },
      requestContext: expect.objectContaining({
        accountId: '111122223333',
        httpMethod: 'POST',
        path: '/prod/a%40b/c',
        resourcePath: '/{proxy+}',
        stage: 'prod',
        identity: expect.objectContaining({ sourceIp: '127.0.0.1', user: null }) as unknown,
      }) as unknown,
      body: '{"n":1}',
      isBase64Encoded: false,
    });
    expect(Object.keys(event['requestContext'] as object)).not.toContain('requestOverride');
  });

  it('has null where a request has no query and no body', async () => {
    const { event } = await sent({ method: 'GET', path: '/prod/a' }, returning({}));

    expect(event).toMatchObject({ queryStringParameters: null, multiValueQueryStringParameters: null, body: null });
  });

  it('answers what the function returns', async () => {
    const { reply } = await sent(
      { method: 'GET', path: '/prod/a' },
      returning({
        statusCode: '201',
        headers: { 'X-Count': 3, 'Content-Type': 'text/plain' },
        multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
        body: 'made',
        isBase64Encoded: false,
      }),
    );

    expect(reply.status).toBe(201);
    expect(reply.body).toBe('made');
    expect(reply.headers).toMatchObject({ 'x-count': '3', 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] });
  });

  it('answers 200 and JSON if the function sets neither', async () => {
    const { reply } = await sent({ method: 'GET', path: '/prod/a' }, returning({ body: '{}' }));

    expect([reply.status, reply.headers['content-type'], reply.body]).toEqual([200, 'application/json', '{}']);
  });

  it.each([
    ['is no object', 'done'],
    ['is nothing', null],
    ['has a field of its own', { statusCode: 200, result: 1 }],
    ['has a body that is no text', { body: { n: 1 } }],
    ['has no HTTP status', { statusCode: 'OK' }],
    ['has a header that is no text', { headers: { 'X-A': {} } }],
    ['has a header with a line end', { headers: { 'X-A': 'a\nb' } }],
  ])('answers 502 where what the function returns %s', async (_, value) => {
    const { reply } = await sent({ method: 'GET', path: '/prod/a' }, returning(value));

    expect([reply.status, reply.body]).toEqual([502, '{"message":"Internal server error"}']);
  });

  it('answers 502 where the function fails, without its error', async () => {
    const { reply } = await sent({ method: 'GET', path: '/prod/a' }, () =>
      Promise.resolve({ payload: '{"errorMessage":"secret"}', functionError: 'Unhandled' }),
    );

    expect([reply.status, reply.body]).toEqual([502, '{"message":"Internal server error"}']);
  });

  it('answers 504 where the function takes longer than the integration may', async () => {
    const { reply } = await sent({ method: 'GET', path: '/prod/a' }, () => new Promise(() => undefined), {
      TimeoutInMillis: 50,
    });

    expect([reply.status, reply.body]).toEqual([504, '{"message":"Endpoint request timed out"}']);
  });

  it.each([
    ['another service', { Uri: 'arn:aws:apigateway:eu-central-1:sqs:path/1/queue' }, 'Integration.Uri'],
    ['a method that AWS fails on', { IntegrationHttpMethod: 'GET' }, 'Integration.IntegrationHttpMethod'],
    ['a streamed answer', { ResponseTransferMode: 'STREAM' }, 'Integration.ResponseTransferMode'],
    [
      'mapped parameters',
      { RequestParameters: { 'integration.request.header.a': "'1'" } },
      'Integration.RequestParameters',
    ],
  ])('refuses %s, naming the field', async (_, fields, field) => {
    const starting = serve(proxyApi(fields));

    await expect(starting).rejects.toThrow(UnsupportedTemplateError);
    await expect(starting).rejects.toThrow(`(AWS::ApiGateway::Method) ${field}: `);
  });
});
