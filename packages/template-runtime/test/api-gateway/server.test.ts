import { startApiGateway } from '../../api-gateway';
import { UnsupportedTemplateError, type TemplateResource } from '../../cloudformation/resource';
import { api, API_ID, awsIntegration, type Fields, KEY, method, resource, serve, usagePlan } from './fixture';

const start = (resources: readonly TemplateResource[]): ReturnType<typeof startApiGateway> =>
  startApiGateway({
    resources,
    region: 'eu-central-1',
    account: '111122223333',
    apiKeyValue: 'k',
    callService: () => Promise.resolve({ status: 200, headers: {}, body: '' }),
  });

const withIntegration = (fields: Fields): TemplateResource[] =>
  api(method('Id', 'POST', { Integration: awsIntegration(fields) }));

const withResponse = (fields: Fields): TemplateResource[] =>
  withIntegration({ IntegrationResponses: [{ StatusCode: '200', ...fields }] });

const withStage = (fields: Fields): TemplateResource[] =>
  api(resource('Stage', 'Stage', { StageName: 'prod', ...fields }));

describe('what is not emulated ends the start', () => {
  it.each<[string, TemplateResource[]]>([
    ['Api (AWS::ApiGateway::RestApi) Body', [resource('RestApi', 'Api', { Body: {} })]],
    ['Api (AWS::ApiGateway::RestApi) BinaryMediaTypes', [resource('RestApi', 'Api', { BinaryMediaTypes: ['*/*'] })]],
    ['Api (AWS::ApiGateway::RestApi) Policy', [resource('RestApi', 'Api', { Policy: {} })]],
    [
      'Api (AWS::ApiGateway::RestApi) ApiKeySourceType',
      [resource('RestApi', 'Api', { ApiKeySourceType: 'AUTHORIZER' })],
    ],
    ['Auth (AWS::ApiGateway::Authorizer) Type', [resource('Authorizer', 'Auth')]],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) AuthorizationType',
      api(method('Id', 'POST', { AuthorizationType: 'AWS_IAM' })),
    ],
    ['MethodIdPOST (AWS::ApiGateway::Method) AuthorizerId', api(method('Id', 'POST', { AuthorizerId: 'x' }))],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) RequestValidatorId',
      api(method('Id', 'POST', { RequestValidatorId: 'x' })),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) RequestModels.application/json',
      api(method('Id', 'POST', { RequestModels: { 'application/json': 'None' } })),
    ],
    ['MethodNonePOST (AWS::ApiGateway::Method) ResourceId', api(method('None', 'POST'))],
    ['MethodIdPOST (AWS::ApiGateway::Method) Integration.Type', withIntegration({ Type: 'HTTP_PROXY' })],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.Uri',
      withIntegration({ Uri: 'arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/x' }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.IntegrationHttpMethod',
      withIntegration({ IntegrationHttpMethod: 'GET' }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.PassthroughBehavior',
      withIntegration({ PassthroughBehavior: 'ALWAYS' }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.ContentHandling',
      withIntegration({ ContentHandling: 'CONVERT_TO_TEXT' }),
    ],
    ['MethodIdPOST (AWS::ApiGateway::Method) Integration.TimeoutInMillis', withIntegration({ TimeoutInMillis: 'x' })],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.RequestTemplates.application/json',
      withIntegration({ RequestTemplates: { 'application/json': '#if(' } }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.RequestParameters.integration.request.querystring.a',
      withIntegration({ RequestParameters: { 'integration.request.querystring.a': "'x'" } }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.RequestParameters.integration.request.header.a',
      withIntegration({ RequestParameters: { 'integration.request.header.a': 'method.request.path.id' } }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.RequestParameters.integration.request.header.TE',
      withIntegration({ RequestParameters: { 'integration.request.header.TE': "'x'" } }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.IntegrationResponses[0].StatusCode',
      withResponse({ StatusCode: '404' }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.IntegrationResponses[0].SelectionPattern',
      withResponse({ SelectionPattern: '(?i)x' }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.IntegrationResponses[0].ContentHandling',
      withResponse({ ContentHandling: 'CONVERT_TO_BINARY' }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.IntegrationResponses[0].ResponseParameters.method.response.header.A',
      withResponse({ ResponseParameters: { 'method.response.header.A': "'x'" } }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.IntegrationResponses[0].ResponseTemplates.application/json',
      withResponse({ ResponseTemplates: { 'application/json': '$x.frobnicate()' } }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) Integration.IntegrationResponses',
      withIntegration({ IntegrationResponses: [{ StatusCode: '200' }, { StatusCode: '200' }] }),
    ],
    [
      'MethodIdPOST (AWS::ApiGateway::Method) RestApiId',
      api(resource('Method', 'MethodIdPOST', { RestApiId: 'other' })),
    ],
    ['Id (AWS::ApiGateway::Resource) ParentId', api(resource('Resource', 'Id', { ParentId: 'none', PathPart: 'x' }))],
    [
      'Rest (AWS::ApiGateway::Resource) PathPart: {proxy+} stands beside {store}',
      api(resource('Resource', 'Rest', { ParentId: 'root', PathPart: '{proxy+}' })),
    ],
    ['Stage (AWS::ApiGateway::Stage) CacheClusterEnabled', withStage({ CacheClusterEnabled: true })],
    ['Stage (AWS::ApiGateway::Stage) CanarySetting', withStage({ CanarySetting: {} })],
    [
      'Stage (AWS::ApiGateway::Stage) MethodSettings[0].CachingEnabled',
      withStage({ MethodSettings: [{ CachingEnabled: true }] }),
    ],
    [
      'Stage (AWS::ApiGateway::Stage) MethodSettings[0].ThrottlingBurstLimit',
      withStage({ MethodSettings: [{ ThrottlingRateLimit: 1 }] }),
    ],
    [
      'Stage (AWS::ApiGateway::Stage) AccessLogSetting.DestinationArn',
      withStage({ AccessLogSetting: { DestinationArn: 'arn:aws:firehose:x:y:z', Format: '$context.requestId' } }),
    ],
    [
      'Stage (AWS::ApiGateway::Stage) AccessLogSetting.Format',
      withStage({ AccessLogSetting: { DestinationArn: 'arn:aws:logs:x:y:log-group:z', Format: 'x' } }),
    ],
    ['Stage2', api(resource('Stage', 'Stage2', { StageName: 'prod' }))],
    [
      'Deployment (AWS::ApiGateway::Deployment) StageName',
      api(resource('Deployment', 'Deployment', { StageName: 'x' })),
    ],
    [
      'Own (AWS::ApiGateway::GatewayResponse) ResponseType',
      api(resource('GatewayResponse', 'Own', { ResponseType: 'X' })),
    ],
    [
      'Own (AWS::ApiGateway::GatewayResponse) StatusCode',
      api(resource('GatewayResponse', 'Own', { ResponseType: 'THROTTLED', StatusCode: '200' })),
    ],
    [
      'Own (AWS::ApiGateway::GatewayResponse) ResponseParameters.gatewayresponse.querystring.x',
      api(
        resource('GatewayResponse', 'Own', {
          ResponseType: 'THROTTLED',
          ResponseParameters: { 'gatewayresponse.querystring.x': "'x'" },
        }),
      ),
    ],
    [
      'Own (AWS::ApiGateway::GatewayResponse) ResponseParameters.gatewayresponse.header.x',
      api(
        resource('GatewayResponse', 'Own', {
          ResponseType: 'THROTTLED',
          ResponseParameters: { 'gatewayresponse.header.x': 'method.request.body.x' },
        }),
      ),
    ],
    [
      'Body (AWS::ApiGateway::Model) Schema',
      api(
        resource('Model', 'Body', { Name: 'Body', Schema: { minimum: 'x' } }),
        method('Id', 'POST', { RequestModels: { 'application/json': 'Body' } }),
      ),
    ],
    ['Body (AWS::ApiGateway::Model) Schema.id', api(resource('Model', 'Body', { Name: 'Body', Schema: { id: 'x' } }))],
    ['Plan (AWS::ApiGateway::UsagePlan) Quota.Period', api(...usagePlan({ Quota: { Limit: 1, Period: 'YEAR' } }))],
    ['Plan (AWS::ApiGateway::UsagePlan) Throttle.RateLimit', api(...usagePlan({ Throttle: { BurstLimit: 1 } }))],
    [
      'PlanKey (AWS::ApiGateway::UsagePlanKey) KeyId',
      api(...usagePlan(), resource('UsagePlanKey', 'PlanKey', { KeyId: 'none', UsagePlanId: 'Plan' })),
    ],
    [
      'Second (AWS::ApiGateway::ApiKey) Value',
      api(...usagePlan({}, { Value: undefined }), resource('ApiKey', 'Second', { Enabled: true })),
    ],
  ])('%s', (named, resources) => {
    expect(() => start(resources)).toThrow(UnsupportedTemplateError);
    expect(() => start(resources)).toThrow(named === 'Stage2' ? 'a second stage prod' : named);
  });
});

describe('the API of a template', () => {
  it('passes over resources of other services', () => {
    const gateway = start([{ ...resource('RestApi', 'Bucket'), type: 'AWS::S3::Bucket' }]);

    expect(gateway.stages).toEqual([]);
  });

  it('lists its stages and routes', () => {
    const gateway = start(
      api(method('Id', 'POST'), method('root', 'GET'), resource('Account', 'Account', { CloudWatchRoleArn: 'x' })),
    );

    expect(gateway.stages).toEqual([
      {
        name: 'prod',
        routes: [
          { method: 'POST', path: '/{store}/{id}', needsKey: false },
          { method: 'GET', path: '/', needsKey: false },
        ],
      },
    ]);
  });

  it('serves several stages with limits and variables of their own', async () => {
    const template = {
      Integration: awsIntegration({ RequestTemplates: { 'application/json': '$context.stage $stageVariables.v' } }),
    };
    const served = await serve(
      api(
        method('root', 'GET', template),
        resource('Stage', 'Stage', { StageName: 'prod', Variables: { v: 1 } }),
        resource('Stage', 'Test', { StageName: 'test', Variables: { v: 'two' } }),
      ),
    );

    await served.send({ method: 'GET', path: '/prod' });
    await served.send({ method: 'GET', path: '/test/?x=1' });
    await served.close();

    expect(served.calls.map(({ body }) => body)).toEqual(['prod 1', 'test two']);
  });

  it('answers a request whose target is a whole URL', async () => {
    const served = await serve(api(method('Id', 'POST')));

    const reply = await served.send({ path: 'http://api.example.com/prod/dynamo/votes?x=1' });
    await served.close();

    expect(reply.status).toBe(200);
  });

  it('reports the cause of a server error, and hides it from the client', async () => {
    const causes: unknown[] = [];
    const served = await serve(api(method('Id', 'POST')), {
      callService: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1')),
      reportError: (cause) => causes.push(cause),
    });

    const reply = await served.send();
    await served.send({ path: '/prod/none' });
    await served.close();

    expect(causes).toEqual([new Error('connect ECONNREFUSED 10.0.0.1')]);
    expect(reply.body).not.toContain('10.0.0.1');
  });

  it('answers a HEAD request without a body', async () => {
    const served = await serve(api(method('Id', 'ANY')), {
      callService: () => Promise.resolve({ status: 200, headers: {}, body: '{"a":1}' }),
    });

    const reply = await served.send({ method: 'HEAD' });
    await served.close();

    expect(reply).toMatchObject({ status: 200, body: '', headers: { 'content-length': '7' } });
  });

  it('ends the call of the service when the answer is no longer needed', async () => {
    let ended: unknown;
    const served = await serve(withIntegration({ TimeoutInMillis: 20 }), {
      callService: ({ scope }) =>
        new Promise(() => {
          scope.onEnd((reason) => (ended = reason));
        }),
    });

    const reply = await served.send();
    await served.close();

    expect(reply.status).toBe(504);
    expect(ended).toMatchObject({ type: 'INTEGRATION_TIMEOUT' });
  });

  it('ends calls of the service when it is closed, and answers their clients', async () => {
    const called: { resolve?: () => void } = {};
    const calling = new Promise<void>((resolve) => (called.resolve = resolve));
    const served = await serve(api(method('Id', 'POST')), {
      callService: ({ scope }) => {
        called.resolve?.();
        return new Promise((_, reject) => {
          scope.onEnd(reject);
        });
      },
    });

    const reply = served.send();
    await calling;
    await served.gateway.close();

    expect((await reply).status).toBe(504);
    await served.close();
  });

  it('hands over $context.identity of a key', async () => {
    const served = await serve(
      api(
        method('Id', 'POST', {
          ApiKeyRequired: true,
          Integration: awsIntegration({
            RequestTemplates: { 'application/json': '$context.identity.apiKeyId $context.identity.apiKey' },
          }),
        }),
        ...usagePlan(),
      ),
    );

    await served.send({ headers: { 'X-API-KEY': KEY } });
    await served.close();

    expect(served.calls[0]?.body).toBe(`Key ${KEY}`);
  });
});

describe('the access log', () => {
  const logging = (Format: string): TemplateResource =>
    resource('Stage', 'Stage', {
      StageName: 'prod',
      AccessLogSetting: { DestinationArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:/api/access', Format },
    });

  it('has a line for each request', async () => {
    const format =
      '$context.apiId $context.httpMethod $context.resourcePath $context.status $context.integration.status $context.integrationStatus $context.responseLength $context.error.responseType $context.none.x $context.requestId';
    const served = await serve(api(method('Id', 'POST'), logging(format)), {
      callService: () => Promise.resolve({ status: 201, headers: {}, body: 'ä' }),
    });

    const first = await served.send();
    const second = await served.send({ path: '/prod/x' });
    await served.close();

    expect(served.accessLog).toEqual([
      {
        group: '/api/access',
        message: `${API_ID} POST /{store}/{id} 200 201 201 2 - - ${String(first.headers['x-amzn-requestid'])}`,
      },
      {
        group: '/api/access',
        message: `${API_ID} POST - 403 - - 42 MISSING_AUTHENTICATION_TOKEN - ${String(second.headers['x-amzn-requestid'])}`,
      },
    ]);
  });

  it('cannot be forged by what a client sends', async () => {
    const served = await serve(
      api(
        method('Id', 'POST'),
        logging('{"id":"$context.requestId","agent":"$context.identity.userAgent","path":"$context.path"}'),
      ),
    );

    await served.send({ path: '/prod/a/"}', headers: { 'user-agent': '","status":"200\t$context.stage' } });
    await served.close();

    expect(JSON.parse(served.accessLog[0]?.message ?? '')).toMatchObject({
      agent: '","status":"200\t$context.stage',
      path: '/prod/a/"}',
    });
  });
});
