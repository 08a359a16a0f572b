import type { TemplateResource } from '../../cloudformation/resource';
import type { Scope } from '../../scope';
import {
  api,
  awsIntegration,
  type Fields,
  KEY,
  method,
  type Reply,
  type Request,
  resource,
  serve,
  usagePlan,
} from './fixture';

interface Case {
  type: string;
  status: number;
  errorType: string;
  message: string;
  /** Of the method `POST /{store}/{id}`. */
  fields?: Fields;
  more?: TemplateResource[];
  request?: Request;
  service?: (scope: Scope) => Promise<{ status: number; headers: Record<string, string>; body: string }>;
}

const withTemplate = (template: string): Fields => ({
  Integration: awsIntegration({ RequestTemplates: { 'application/json': template } }),
});

const validator = (fields: Fields): Fields => ({ RequestValidatorId: 'Validator', ...fields });

/** Every gateway response that a request can end in here, with what a client must send for it. */
const CASES: Case[] = [
  {
    type: 'MISSING_AUTHENTICATION_TOKEN',
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
    request: { path: '/prod/dynamo' },
  },
  {
    type: 'INVALID_API_KEY',
    status: 403,
    errorType: 'ForbiddenException',
    message: 'Forbidden',
    fields: { ApiKeyRequired: true },
  },
  {
    type: 'THROTTLED',
    status: 429,
    errorType: 'TooManyRequestsException',
    message: 'Too Many Requests',
    fields: { ApiKeyRequired: true },
    more: usagePlan({ Throttle: { RateLimit: 0, BurstLimit: 0 } }),
    request: { headers: { 'x-api-key': KEY } },
  },
  {
    type: 'QUOTA_EXCEEDED',
    status: 429,
    errorType: 'LimitExceededException',
    message: 'Limit Exceeded',
    fields: { ApiKeyRequired: true },
    more: usagePlan({ Quota: { Limit: 0, Period: 'DAY' } }),
    request: { headers: { 'x-api-key': KEY } },
  },
  {
    type: 'BAD_REQUEST_PARAMETERS',
    status: 400,
    errorType: 'BadRequestException',
    message: 'Missing required request parameters: [X-B, z, a]',
    fields: validator({
      RequestParameters: {
        'method.request.querystring.a': true,
        'method.request.header.X-B': true,
        'method.request.path.z': true,
        'method.request.path.id': true,
        'method.request.querystring.optional': false,
      },
    }),
    more: [resource('RequestValidator', 'Validator', { ValidateRequestParameters: true })],
    request: { path: '/prod/dynamo/votes?a=%20' },
  },
  {
    type: 'BAD_REQUEST_BODY',
    status: 400,
    errorType: 'BadRequestException',
    message: 'Invalid request body',
    fields: validator({ RequestModels: { 'application/json': 'Count' } }),
    more: [
      resource('RequestValidator', 'Validator', { ValidateRequestBody: true }),
      resource('Model', 'CountModel', { Name: 'Count', Schema: { type: 'object', required: ['count'] } }),
    ],
  },
  {
    type: 'UNSUPPORTED_MEDIA_TYPE',
    status: 415,
    errorType: 'BadRequestException',
    message: 'Unsupported Media Type',
    fields: { Integration: awsIntegration({ PassthroughBehavior: 'NEVER' }) },
  },
  {
    type: 'REQUEST_TOO_LARGE',
    status: 413,
    errorType: 'RequestTooLargeException',
    message: 'HTTP content length exceeded 10485760 bytes.',
    request: { body: Buffer.alloc(10_485_761) },
  },
  {
    type: 'INTEGRATION_TIMEOUT',
    status: 504,
    errorType: 'InternalServerErrorException',
    message: 'Endpoint request timed out',
    fields: { Integration: awsIntegration({ TimeoutInMillis: 50 }) },
    service: (scope) =>
      new Promise((_, reject) => {
        scope.onEnd(reject);
      }),
  },
  {
    type: 'INTEGRATION_FAILURE',
    status: 504,
    errorType: 'InternalServerErrorException',
    message: 'Network error communicating with endpoint',
    service: () => Promise.reject(new Error('connect ECONNREFUSED')),
  },
  {
    type: 'API_CONFIGURATION_ERROR',
    status: 500,
    errorType: 'InternalServerErrorException',
    message: 'Internal server error',
    fields: { Integration: awsIntegration({ IntegrationResponses: [{ StatusCode: '200', SelectionPattern: '2..' }] }) },
    service: () => Promise.resolve({ status: 400, headers: {}, body: '' }),
  },
  {
    type: 'DEFAULT_4XX',
    status: 400,
    errorType: 'BadRequestException',
    message: 'Invalid JSON in request body',
    fields: {
      Integration: awsIntegration({ RequestParameters: { 'integration.request.header.A': 'method.request.body.a' } }),
    },
    request: { body: '{' },
  },
  {
    type: 'DEFAULT_5XX',
    status: 500,
    errorType: 'InternalServerErrorException',
    message: 'Internal server error',
    fields: withTemplate('$util.parseJson("x")'),
  },
];

const named = CASES.map((item) => [item.type, item] as const);

async function ask({ fields, more = [], request, service }: Case, responses: TemplateResource[] = []): Promise<Reply> {
  const served = await serve(api(method('Id', 'POST', fields), ...more, ...responses), {
    ...(service && { callService: ({ scope }) => service(scope) }),
  });
  try {
    return await served.send(request);
  } finally {
    await served.close();
  }
}

describe('a gateway response', () => {
  it.each(named)('%s has its default status, error type and message', async (_, item) => {
    const { status, errorType, message } = item;

    const reply = await ask(item);

    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.body)).toEqual({ message });
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json',
      'x-amzn-errortype': errorType,
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/) as unknown,
      'x-amz-apigw-id': expect.stringMatching(/^.{16}$/) as unknown,
    });
  });

  it.each(named)('%s is customized by a resource of its type', async (type, item) => {
    const reply = await ask(item, [
      resource('GatewayResponse', 'Own', {
        ResponseType: type,
        StatusCode: item.status < 500 ? '499' : '599',
        ResponseParameters: {
          'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
          'gatewayresponse.header.X-Type': 'context.error.responseType',
          'gatewayresponse.header.X-None': 'method.request.header.none',
        },
        ResponseTemplates: {
          'application/json':
            '{"m":$context.error.messageString,"raw":"$context.error.message","t":"$context.error.responseType","n":"$context.none.x"}\n',
        },
      }),
    ]);

    expect(reply.status).toBe(item.status < 500 ? 499 : 599);
    expect(reply.body).toMatch(/\n$/);
    expect(JSON.parse(reply.body)).toEqual({ m: item.message, raw: item.message, t: type, n: '' });
    expect(reply.headers).toMatchObject({ 'access-control-allow-origin': '*', 'x-type': type });
    expect(reply.headers).not.toHaveProperty('x-none');
  });

  it.each(named)('%s takes that of its family where it has none', async (type, item) => {
    const family = (name: string, status: string): TemplateResource =>
      resource('GatewayResponse', name, {
        ResponseType: name,
        StatusCode: status,
        ResponseTemplates: { 'application/json': `{"family":"${name}","type":"$context.error.responseType"}` },
      });

    const reply = await ask(item, [family('DEFAULT_4XX', '418'), family('DEFAULT_5XX', '555')]);

    expect(reply.status).toBe(item.status < 500 ? 418 : 555);
    expect(JSON.parse(reply.body)).toEqual({ family: item.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX', type });
  });

  it('keeps the status of each type where the family has none', async () => {
    const item = CASES[0] as Case;

    const reply = await ask(item, [resource('GatewayResponse', 'Own', { ResponseType: 'DEFAULT_4XX' })]);

    expect(reply).toMatchObject({ status: 403, body: '{"message":"Missing Authentication Token"}' });
  });

  it('replaces parameters of the request, and no Velocity', async () => {
    const item = CASES[0] as Case;

    const reply = await ask({ ...item, request: { path: '/prod/dynamo?q=1', headers: { 'X-H': '$context.stage' } } }, [
      resource('GatewayResponse', 'Own', {
        ResponseType: 'DEFAULT_4XX',
        ResponseTemplates: {
          'text/plain':
            '#set($x=1) $method.request.querystring.q $method.request.header.X-H $stageVariables.v $x $context.stage',
        },
      }),
    ]);

    expect(reply.body).toBe('#set($x=1) 1 $context.stage  $x prod');
    expect(reply.headers['content-type']).toBe('text/plain');
  });

  it('leaves out a header whose value would begin another one', async () => {
    const item = CASES[0] as Case;

    const reply = await ask({ ...item, request: { path: '/prod/dynamo?q=a%0d%0aX-Evil:%201&r=fine' } }, [
      resource('GatewayResponse', 'Own', {
        ResponseType: 'DEFAULT_4XX',
        ResponseParameters: {
          'gatewayresponse.header.X-Q': 'method.request.querystring.q',
          'gatewayresponse.header.X-R': 'method.request.querystring.r',
        },
      }),
    ]);

    expect(reply).toMatchObject({ status: 403, headers: { 'x-r': 'fine' } });
    expect(reply.headers).not.toHaveProperty('x-q');
    expect(reply.headers).not.toHaveProperty('x-evil');
  });

  it('takes the template of the type that the client accepts', async () => {
    const item = CASES[0] as Case;
    const own = resource('GatewayResponse', 'Own', {
      ResponseType: 'DEFAULT_4XX',
      ResponseTemplates: { 'application/json': '{}', 'text/html': '<p>' },
    });

    const html = await ask({ ...item, request: { path: '/prod', headers: { accept: 'text/html' } } }, [own]);
    const other = await ask({ ...item, request: { path: '/prod', headers: { accept: 'image/png' } } }, [own]);

    expect(html).toMatchObject({ body: '<p>', headers: { 'content-type': 'text/html' } });
    expect(other).toMatchObject({ body: '{}', headers: { 'content-type': 'application/json' } });
  });

  it('says in validationErrorString what the body lacks', async () => {
    const item = CASES.find(({ type }) => type === 'BAD_REQUEST_BODY') as Case;

    const reply = await ask(item, [
      resource('GatewayResponse', 'Own', {
        ResponseType: 'BAD_REQUEST_BODY',
        ResponseTemplates: { 'application/json': '$context.error.validationErrorString' },
      }),
    ]);

    expect(reply.body).toContain('count');
  });

  it('answers 403 for a stage that is not there', async () => {
    const reply = await ask({ ...(CASES[0] as Case), request: { path: '/other/dynamo/votes' } });

    expect(reply).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
    expect(reply.headers['x-amzn-errortype']).toBe('ForbiddenException');
  });

  it('answers 431 for headers above 10,240 bytes', async () => {
    const item = CASES[0] as Case;

    const reply = await ask({ ...item, request: { headers: { 'X-Long': 'x'.repeat(10_240) } } });

    expect(reply.status).toBe(431);
  });

  it('answers 400 for JSON that the template reads and that is none', async () => {
    const item = { ...(CASES[0] as Case), fields: withTemplate("$input.path('$.x')") };

    const reply = await ask({ ...item, request: { body: '{"x":' } });

    expect(reply.status).toBe(400);
    expect(reply.body).toContain('Could not parse request body into json');
  });

  it('checks route, key, plan, parameters and media type in this order', async () => {
    const strict = {
      ApiKeyRequired: true,
      RequestValidatorId: 'Validator',
      RequestParameters: { 'method.request.querystring.q': true },
      Integration: awsIntegration({ PassthroughBehavior: 'NEVER' }),
    };
    const served = await serve(
      api(
        method('Id', 'POST', strict),
        resource('RequestValidator', 'Validator', { ValidateRequestParameters: true }),
        ...usagePlan({ Throttle: { RateLimit: 0, BurstLimit: 2 } }),
      ),
    );
    const headers = { 'x-api-key': KEY };

    const statuses = [
      (await served.send({ path: '/prod/none', headers: { 'x-api-key': 'wrong' } })).body,
      (await served.send({ headers: { 'x-api-key': 'wrong' } })).body,
      (await served.send({ headers })).body,
      (await served.send({ headers, path: '/prod/dynamo/votes?q=1' })).body,
      (await served.send({ headers })).body,
    ].map((body) => (JSON.parse(body) as { message: string }).message);
    await served.close();

    expect(statuses).toEqual([
      'Missing Authentication Token',
      'Forbidden',
      'Missing required request parameters: [q]',
      'Unsupported Media Type',
      'Too Many Requests',
    ]);
    expect(served.calls).toHaveLength(0);
  });
});
