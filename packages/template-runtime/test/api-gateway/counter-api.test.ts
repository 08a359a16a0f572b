import { api, awsIntegration, KEY, method, type Reply, type Served, serve, usagePlan } from './fixture';

const REQUEST_TEMPLATE = `#set($store = $util.escapeJavaScript($util.escapeJavaScript($util.urlDecode($input.params().path.get('store'))).replaceAll("\\\\'", "'")).replaceAll("\\\\'", "'"))
#set($id = $util.escapeJavaScript($util.escapeJavaScript($util.urlDecode($input.params('id').replaceAll("%(?![0-9A-Fa-f]{2})", "%25").replaceAll("[+]", "%2B"))).replaceAll("\\\\'", "'")).replaceAll("\\\\'", "'"))
{
  "stateMachineArn": "arn:machine",
  "input": "{\\"store\\":\\"$store\\",\\"id\\":\\"$id\\",\\"max\\":\\"10\\"}"
}`;

const RESPONSE_TEMPLATE = `#set($outcome = "unknown")
#if($input.path('$.status') == "SUCCEEDED")
#set($output = $util.parseJson($input.path('$.output')))
#set($outcome = $output.outcome)
#end
#if($outcome == "incremented")
#set($status = 200)
{"store":"$output.store","id":"$output.id","counter":$output.counter}
#elseif($outcome == "limit-reached")
#set($status = 409)
{"error":"Counter has reached its maximum value of: $output.max"#if("$!output.counter" != ""),"counter":$output.counter#end}
#else
#set($status = 504)
{"error":"$util.escapeJavaScript($output.error).replaceAll("\\\\'", "'")","outcome":"unknown"}
#end
#set($context.responseOverride.status = $status)`;

const resources = api(
  method('Id', 'POST', {
    ApiKeyRequired: true,
    RequestParameters: { 'method.request.path.store': true, 'method.request.path.id': true },
    MethodResponses: [
      { StatusCode: '200', ResponseParameters: { 'method.response.header.X-Execution-Arn': true } },
      { StatusCode: '503' },
    ],
    Integration: awsIntegration({
      PassthroughBehavior: 'NEVER',
      RequestTemplates: { 'application/json': REQUEST_TEMPLATE, 'text/plain': REQUEST_TEMPLATE },
      IntegrationResponses: [
        {
          StatusCode: '200',
          ResponseParameters: { 'method.response.header.X-Execution-Arn': 'integration.response.body.executionArn' },
          ResponseTemplates: { 'application/json': RESPONSE_TEMPLATE },
        },
        {
          StatusCode: '503',
          SelectionPattern: '4\\d{2}',
          ResponseTemplates: { 'application/json': '{"error":"not started"}' },
        },
      ],
    }),
  }),
  ...usagePlan(),
);

describe('an API that starts an execution', () => {
  let served: Served;
  let execution: { status: number; body: string };

  beforeAll(async () => {
    served = await serve(resources, { callService: () => Promise.resolve({ headers: {}, ...execution }) });
  });
  afterAll(() => served.close());
  beforeEach(() => {
    served.calls.length = 0;
    ends({ outcome: 'incremented', store: 'dynamo', id: 'votes', counter: 4 });
  });

  function ends(output: object, status = 'SUCCEEDED'): void {
    const document = { status, executionArn: 'arn:execution', output: JSON.stringify(output) };
    execution = { status: 200, body: JSON.stringify(document) };
  }
  const post = (id = 'votes', headers = {}): Promise<Reply> =>
    served.send({ path: `/prod/dynamo/${id}`, headers: { 'x-api-key': KEY, ...headers } });

  it('passes the path parameters to the service by the mapping template', async () => {
    await post('votes');

    expect(served.calls).toHaveLength(1);
    expect(served.calls[0]).toMatchObject({ service: 'states', action: 'StartSyncExecution' });
    expect(executionInput()).toEqual({ store: 'dynamo', id: 'votes', max: '10' });
  });

  function executionInput(): unknown {
    const body = JSON.parse(served.calls[0]?.body ?? '') as { input: string };
    return JSON.parse(body.input);
  }

  it.each([
    ['quotes', `a"b'c`],
    ['backslashes', 'a\\b\\\\"c'],
    ['a reference', '$input.body ${context.stage} $!x'],
    ['directives', '#set($x = 1)#if(true)x#end ## #*y*# #[[z]]#'],
    ['line ends and control characters', 'a\n\r\t\0\x1f\x7fb'],
    ['line separators', 'a\u2028\u2029b'],
    ['an emoji', '🙂'],
    ['a slash, a percent sign and a plus', 'a/b%41+c'],
    ['JSON that closes the text', '","max":"999","x":"'],
    ['escaped JSON that closes the text', '\\","max":"999","x":"'],
    ['a unicode escape', '\\u0022,\\u005c'],
    ['names of prototypes', '__proto__'],
  ])('passes an id with %s on unchanged', async (_, id) => {
    const reply = await post(encodeURIComponent(id));

    expect(reply.status).toBe(200);
    expect(executionInput()).toEqual({ store: 'dynamo', id, max: '10' });
  });

  it.each(['100%', '%zz', '1+1', 'a;b', '..', 'a:b@c~d'])(
    'passes %s on, which needs no encoding or has none',
    async (id) => {
      await post(id);

      expect(executionInput()).toMatchObject({ id });
    },
  );

  it('answers with the status and body of the response template', async () => {
    const reply = await post();

    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toEqual({ store: 'dynamo', id: 'votes', counter: 4 });
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json',
      'x-execution-arn': 'arn:execution',
      'content-length': String(Buffer.byteLength(reply.body)),
    });
  });

  it('answers with a status that the template overrides', async () => {
    ends({ outcome: 'limit-reached', max: '10' });

    const reply = await post();

    expect(reply.status).toBe(409);
    expect(JSON.parse(reply.body)).toEqual({ error: 'Counter has reached its maximum value of: 10' });
  });

  it('takes the #else branch and escapes the output of an execution', async () => {
    const error = `it's "broken" \\ \u2028 🙂 \n$x #set`;
    ends({ outcome: 'other', error });

    const reply = await post();

    expect(reply.status).toBe(504);
    expect(JSON.parse(reply.body)).toEqual({ error, outcome: 'unknown' });
  });

  it('answers an execution without output like any other unknown outcome', async () => {
    ends({}, 'TIMED_OUT');

    const reply = await post();

    expect(reply.status).toBe(504);
    expect(JSON.parse(reply.body)).toEqual({ error: '', outcome: 'unknown' });
  });

  it('selects the integration response by the status of the service', async () => {
    execution = { status: 400, body: '{"__type":"StateMachineDoesNotExist"}' };

    const reply = await post();

    expect(reply).toMatchObject({ status: 503, body: '{"error":"not started"}' });
    expect(reply.headers).not.toHaveProperty('x-execution-arn');
  });

  it('refuses a content type without a template and does not call the service', async () => {
    const reply = await post('votes', { 'content-type': 'application/xml' });

    expect(reply).toMatchObject({ status: 415, body: '{"message":"Unsupported Media Type"}' });
    expect(served.calls).toHaveLength(0);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Text/Plain;charset=utf-8'])(
    'accepts content type %s',
    async (type) => {
      const reply = await post('votes', { 'content-type': type });

      expect(reply.status).toBe(200);
    },
  );

  it('refuses an unknown key before anything is called', async () => {
    const reply = await post('votes', { 'x-api-key': 'wrong' });

    expect(reply).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
    expect(served.calls).toHaveLength(0);
  });
});
