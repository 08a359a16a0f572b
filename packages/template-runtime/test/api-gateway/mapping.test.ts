import {
  api,
  awsIntegration,
  type Fields,
  method,
  type Reply,
  type Request,
  resource,
  type Served,
  serve,
} from './fixture';

/** `POST /{store}/{id}` with one integration response for everything. */
const integration = (request: Fields, response: Fields = {}): Fields => {
  const declared = Object.keys(response['ResponseParameters'] ?? {});
  return {
    RequestParameters: {
      'method.request.path.id': false,
      'method.request.querystring.q': false,
      'method.request.header.X-In': false,
    },
    MethodResponses: [
      { StatusCode: '200', ResponseParameters: Object.fromEntries(declared.map((name) => [name, true])) },
    ],
    Integration: awsIntegration({ ...request, IntegrationResponses: [{ StatusCode: '200', ...response }] }),
  };
};

const json = (template: string): Fields => ({ 'application/json': template });

describe('the request of an integration', () => {
  let served: Served;
  afterEach(() => served.close());

  async function call(fields: Fields, request: Request = {}): Promise<{ body: string; headers: object } | Reply> {
    served = await serve(
      api(
        method('Id', 'POST', integration(fields)),
        resource('Stage', 'Stage', { StageName: 'prod', DeploymentId: 'D1', Variables: { table: 'counters' } }),
      ),
    );
    const reply = await served.send(request);
    return served.calls[0] ?? reply;
  }

  it('is the body itself where nothing maps it', async () => {
    const body = 'a "b" \u2028 🙂 $x #set($y = 1)\n';

    expect(await call({}, { body })).toMatchObject({ body, headers: {} });
  });

  it.each([
    ['WHEN_NO_MATCH', 'text/plain', 200],
    ['WHEN_NO_TEMPLATES', 'text/plain', 415],
    ['NEVER', 'text/plain', 415],
    ['NEVER', 'application/json', 200],
  ])('passes by %s with content type %s: %i', async (PassthroughBehavior, contentType, status) => {
    served = await serve(api(method('Id', 'POST', integration({ PassthroughBehavior, RequestTemplates: json('{}') }))));

    const reply = await served.send({ headers: { 'content-type': contentType }, body: 'x' });

    expect(reply.status).toBe(status);
  });

  it.each([
    ['', '{}|{}'],
    ['{"a": 1}', '{"a": 1}|{"a":1}'],
    ['some raw data', 'some raw data|"some raw data"'],
    ['null', 'null|null'],
    ['"x"', '"x"|"x"'],
  ])('reads the body %j as AWS does', async (body, expected) => {
    const mapped = await call({ RequestTemplates: json("$input.body|$input.json('$')") }, { body });

    expect(mapped.body).toBe(expected);
  });

  it('selects from the body', async () => {
    const template = `$input.path('$.a.b')|$input.json('$.a')|$input.json('$.none')|$input.path('$.none')|$input.body.x`;
    const body = JSON.stringify({ a: { b: '$context.stage' } });

    const mapped = await call({ RequestTemplates: json(template) }, { body });

    expect(mapped.body).toBe('$context.stage|{"b":"$context.stage"}|""||');
  });

  it('keeps a lone surrogate of the body as an escape', async () => {
    const mapped = await call(
      { RequestTemplates: json("$util.escapeJavaScript($input.path('$'))|$input.json('$')") },
      { body: '"\\ud800"' },
    );

    expect(mapped.body).toBe('\\uD800|"\\ud800"');
  });

  it('reads bytes that are no UTF-8 as replacement characters', async () => {
    const mapped = await call({ RequestTemplates: json('$input.body') }, { body: Buffer.from([0x61, 0xff, 0x62]) });

    expect(mapped.body).toBe('a\ufffdb');
  });

  it('finds parameters in path, query string and headers, in this order', async () => {
    const template = `$input.params('id')|$input.params('q')|$input.params('x-in')|$input.params('none')|$input.params().querystring.q|$input.params().header.get('x-IN')|$input.params().path`;

    const mapped = await call(
      { RequestTemplates: json(template) },
      { path: '/prod/dynamo/a%40b?q=1&q=2+3%2B&id=4', headers: ['Host', 'h', 'X-In', 'one', 'x-in', 'two'] },
    );

    expect(mapped.body).toBe('a%40b|2 3+|two||2 3+|two|{id=a%40b, store=dynamo}');
  });

  it('loops over all parameters by the spelling that the client sent', async () => {
    const template = `#foreach($n in $input.params().header.keySet())$n;#end`;

    const mapped = await call({ RequestTemplates: json(template) }, { headers: ['Host', 'h', 'X-In', '1', 'te', 'x'] });

    expect(mapped.body).toBe('Host;X-In;');
  });

  it('knows the context', async () => {
    const template = `$context.accountId $context.apiId $context.stage $context.httpMethod $context.resourcePath $context.resourceId $context.path $context.protocol $context.identity.sourceIp $context.deploymentId $stageVariables.table $context.identity.userAgent`;

    const mapped = await call({ RequestTemplates: json(template) }, { headers: { 'user-agent': '$x"' } });

    expect(mapped.body).toBe(
      '111122223333 a1b2c3 prod POST /{store}/{id} Id /prod/dynamo/votes HTTP/1.1 127.0.0.1 D1 counters $x"',
    );
  });

  it('knows who calls by twelve keys, and prints no map of the context as a whole', async () => {
    const template = `$context.identity.keySet()|$context.identity.userArn|$context.identity$context.requestOverride$context.responseOverride.header`;

    const mapped = await call({ RequestTemplates: json(template) });

    expect(mapped.body).toBe(
      '[cognitoIdentityPoolId, accountId, cognitoIdentityId, caller, sourceIp, principalOrgId, accessKey, ' +
        'cognitoAuthenticationType, cognitoAuthenticationProvider, userArn, userAgent, user]||',
    );
  });

  it('has the id of the request and its time', async () => {
    served = await serve(
      api(
        method(
          'Id',
          'POST',
          integration({ RequestTemplates: json('$context.requestId|$context.requestTime|$context.requestTimeEpoch') }),
        ),
      ),
    );

    const reply = await served.send();
    const [id, time, epoch] = served.calls[0]?.body.split('|') ?? [];

    expect(id).toBe(reply.headers['x-amzn-requestid']);
    expect(time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(Number(epoch)).toBeGreaterThan(Date.UTC(2026, 0));
  });

  it('is refused where a header is mapped from a body that is malformed JSON', async () => {
    const reply = await call(
      { RequestParameters: { 'integration.request.header.X-Body': 'method.request.body.a' } },
      { body: '{"a":' },
    );

    expect(reply).toMatchObject({ status: 400, body: '{"message":"Invalid JSON in request body"}' });
  });

  it('has the headers that are mapped', async () => {
    const mapped = await call(
      {
        RequestParameters: {
          'integration.request.header.X-Literal': "'a b'",
          'integration.request.header.X-Id': 'method.request.path.id',
          'integration.request.header.X-Query': 'method.request.querystring.q',
          'integration.request.header.X-All': 'method.request.multivaluequerystring.q',
          'integration.request.header.X-Header': 'method.request.header.X-In',
          'integration.request.header.X-Body': 'method.request.body.a.b',
          'integration.request.header.X-Context': 'context.identity.sourceIp',
          'integration.request.header.X-Variable': 'stageVariables.table',
          'integration.request.header.X-None': 'stageVariables.none',
        },
        RequestTemplates: json('#set($context.requestOverride.header.X-Id = "new")'),
      },
      { path: '/prod/dynamo/votes?q=1&q=2', headers: { 'x-in': 'in' }, body: '{"a":{"b":[1]}}' },
    );

    expect(mapped.headers).toEqual({
      'X-Literal': 'a b',
      'X-Id': 'new',
      'X-Query': '2',
      'X-All': '1,2',
      'X-Header': 'in',
      'X-Body': '[1]',
      'X-Context': '127.0.0.1',
      'X-Variable': 'counters',
    });
  });
});

describe('the answer', () => {
  let served: Served;
  afterEach(() => served.close());

  async function answer(
    response: Fields,
    result: { status?: number; headers?: Record<string, string>; body?: string } = {},
    request: Request = {},
    requestTemplate = '{}',
  ): Promise<Reply> {
    served = await serve(
      api(method('Id', 'POST', integration({ RequestTemplates: json(requestTemplate) }, response))),
      { callService: () => Promise.resolve({ status: 200, headers: {}, body: '{}', ...result }) },
    );
    return served.send(request);
  }

  it('is what the service said where nothing maps it, without its headers', async () => {
    const reply = await answer({}, { status: 418, headers: { 'X-Service': '1' }, body: 'raw 🙂' });

    expect(reply).toMatchObject({ status: 200, body: 'raw 🙂', headers: { 'content-type': 'application/json' } });
    expect(reply.headers).not.toHaveProperty('x-service');
  });

  it('has the headers that are mapped', async () => {
    const reply = await answer(
      {
        ResponseParameters: {
          'method.response.header.X-Header': 'integration.response.header.x-service',
          'method.response.header.X-Path': "integration.response.body.a['b c'][0]",
          'method.response.header.X-Literal': "'*'",
          'method.response.header.X-Request': 'context.requestId',
          'method.response.header.X-None': 'integration.response.body.none',
          'method.response.header.Content-Type': "'text/csv'",
          'method.response.header.Date': "'today'",
        },
      },
      { headers: { 'X-Service': 'one' }, body: '{"a":{"b c":[7]}}' },
    );

    expect(reply.headers).toMatchObject({
      'x-header': 'one',
      'x-path': '7',
      'x-literal': '*',
      'x-request': reply.headers['x-amzn-requestid'],
      'content-type': 'text/csv',
      'x-amzn-remapped-date': 'today',
    });
    expect(reply.headers).not.toHaveProperty('x-none');
  });

  it('takes status, headers and several values of a header from overrides', async () => {
    const reply = await answer({
      ResponseParameters: { 'method.response.header.X-A': "'mapped'" },
      ResponseTemplates: json(
        `#set($context.responseOverride.status = 202)#set($context.responseOverride.header.x-a = "own")#set($context.responseOverride.header["Set-Cookie"] = ["a", "b"])$context.responseOverride.header.put("X-C", "c")x`,
      ),
    });

    expect(reply).toMatchObject({ status: 202, body: 'x' });
    expect(reply.headers).toMatchObject({ 'x-a': 'own', 'set-cookie': ['a', 'b'], 'x-c': 'c' });
  });

  // Recorded on AWS: localstack/localstack, test_integration_mock_with_response_override_in_request_template.
  it('keeps overrides of the request template', async () => {
    const reply = await answer(
      { ResponseTemplates: json('$context.responseOverride.status $context.responseOverride.custom') },
      {},
      {},
      '#set($context.responseOverride.status = 444)#set($context.responseOverride.custom = "passed")',
    );

    expect(reply).toMatchObject({ status: 444, body: '444 passed' });
  });

  it.each([
    ['the status', '#set($context.responseOverride.status = 409)#set($context.responseOverride.status = 409)'],
    ['a header', '#set($context.responseOverride.header.a = "1")$context.responseOverride.header.put("a", "2")'],
    [
      'the status of the request template',
      '#set($context.responseOverride.status = 410)',
      '#set($context.responseOverride.status = 410)',
    ],
  ])('is a server error where a template overrides %s twice', async (_, template, requestTemplate = '') => {
    const reply = await answer({ ResponseTemplates: json(template) }, {}, {}, requestTemplate);

    expect(reply).toMatchObject({ status: 500, body: '{"message":"Internal server error"}' });
  });

  it.each(['"409"', '99', '600', '40.5', '$none'])('keeps its status where the override is %s', async (status) => {
    const reply = await answer({ ResponseTemplates: json(`#set($context.responseOverride.status = ${status})`) });

    expect(reply.status).toBe(200);
  });

  it.each([
    ['a header with a line end', '#set($context.responseOverride.header.a = $input.path("$.text"))'],
    ['a name that no header has', '#set($context.responseOverride.header["a b"] = "x")'],
    ['an informational status', '#set($context.responseOverride.status = 101)'],
  ])('is a server error for %s', async (_, template) => {
    const reply = await answer({ ResponseTemplates: json(template) }, { body: '{"text":"a\\r\\nX-Evil: 1"}' });

    expect(reply.status).toBe(500);
    expect(reply.headers).not.toHaveProperty('x-evil');
  });

  it('is a server error where the service said malformed JSON', async () => {
    const reply = await answer({ ResponseTemplates: json("$input.path('$.x')") }, { body: '{"x"' });

    expect(reply.status).toBe(500);
  });

  it('takes the template of the type that the client accepts, else that of JSON', async () => {
    const templates = { 'text/plain': 'text', 'application/json': '"json"' };

    const accepted = await answer({ ResponseTemplates: templates }, {}, { headers: { accept: 'text/plain' } });
    const other = await served.send({ headers: { accept: '*/*' } });

    expect(accepted).toMatchObject({ body: 'text', headers: { 'content-type': 'text/plain' } });
    expect(other).toMatchObject({ body: '"json"', headers: { 'content-type': 'application/json' } });
  });

  it.each([
    [200, 'default'],
    [400, 'first 4'],
    [404, 'first 4'],
    [4000, 'default'],
    [500, 'five'],
  ])('is selected by the whole status %i of the service', async (status, body) => {
    const response = (text: string, SelectionPattern?: string): Fields => ({
      StatusCode: '200',
      ...(SelectionPattern !== undefined && { SelectionPattern }),
      ResponseTemplates: json(text),
    });
    served = await serve(
      api(
        method('Id', 'POST', {
          Integration: awsIntegration({
            IntegrationResponses: [
              response('default'),
              response('first 4', '4\\d{2}'),
              response('second 4', '4.*1'),
              response('five', '5..'),
            ],
          }),
        }),
      ),
      { callService: () => Promise.resolve({ status, headers: {}, body: '' }) },
    );

    expect((await served.send()).body).toBe(body);
  });
});

describe('a mock', () => {
  const preflight = (template: string, contentType = 'application/json'): Fields => ({
    MethodResponses: [
      { StatusCode: '204', ResponseParameters: { 'method.response.header.Access-Control-Allow-Origin': true } },
    ],
    Integration: {
      Type: 'MOCK',
      RequestTemplates: { [contentType]: template },
      IntegrationResponses: [
        {
          StatusCode: '204',
          SelectionPattern: '200',
          ResponseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" },
        },
      ],
    },
  });

  it.each(['{ statusCode: 200 }', '{"statusCode": 200}', '{"a": {"b": 1}, "statusCode": 200}', "{'statusCode':200}"])(
    'answers a CORS preflight by %s',
    async (template) => {
      const served = await serve(api(method('Id', 'OPTIONS', preflight(template))));

      const reply = await served.send({ method: 'OPTIONS', headers: { origin: 'http://example.com' } });
      await served.close();

      expect(reply).toMatchObject({ status: 204, body: '' });
      expect(reply.headers['access-control-allow-origin']).toBe('*');
      expect(reply.headers).not.toHaveProperty('content-length');
      expect(served.calls).toHaveLength(0);
    },
  );

  it.each(['{}', 'statusCode: 200', '{"statusCode": "x"}', ''])(
    'is a server error where its template names no status: %j',
    async (template) => {
      const served = await serve(api(method('Id', 'OPTIONS', preflight(template))));

      const reply = await served.send({ method: 'OPTIONS' });
      await served.close();

      expect(reply.status).toBe(500);
    },
  );

  it('has an empty body to select from', async () => {
    const fields = preflight('{"statusCode": 200}');
    const [response] = (fields['Integration'] as { IntegrationResponses: Fields[] }).IntegrationResponses;
    Object.assign(response ?? {}, { StatusCode: '204', ResponseTemplates: json('#set($x = $input.body)') });
    const served = await serve(api(method('Id', 'OPTIONS', fields)));

    const reply = await served.send({ method: 'OPTIONS' });
    await served.close();

    expect(reply.status).toBe(204);
  });
});
