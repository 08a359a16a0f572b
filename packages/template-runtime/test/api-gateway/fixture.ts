import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiGateway, type ApiGatewayOptions, type CallService, startApiGateway } from '../../api-gateway';
import type { TemplateResource } from '../../cloudformation/resource';

export type Fields = Record<string, unknown>;

export const API_ID = 'a1b2c3';
export const KEY = 'test-key';

/** A resource of `AWS::ApiGateway::<type>` whose physical id is its logical id. */
export function resource(type: string, logicalId: string, properties: Fields = {}): TemplateResource {
  return {
    logicalId,
    type: `AWS::ApiGateway::${type}`,
    physicalId: type === 'RestApi' ? API_ID : logicalId,
    attributes: type === 'RestApi' ? { RootResourceId: 'root' } : {},
    properties: ['RestApi', 'ApiKey', 'UsagePlan', 'UsagePlanKey', 'Account'].includes(type)
      ? properties
      : { RestApiId: API_ID, ...properties },
    metadata: {},
  };
}

/** An integration that calls `states:StartSyncExecution`. */
export const awsIntegration = (fields: Fields = {}): Fields => ({
  Type: 'AWS',
  IntegrationHttpMethod: 'POST',
  Uri: 'arn:aws:apigateway:eu-central-1:states:action/StartSyncExecution',
  IntegrationResponses: [{ StatusCode: '200' }],
  ...fields,
});

/** A method without a key whose answer is 200. */
export const method = (resourceId: string, httpMethod: string, fields: Fields = {}): TemplateResource =>
  resource('Method', `Method${resourceId}${httpMethod}`, {
    ResourceId: resourceId,
    HttpMethod: httpMethod,
    AuthorizationType: 'NONE',
    MethodResponses: [{ StatusCode: '200' }],
    Integration: awsIntegration(),
    ...fields,
  });

/** An API with one stage `prod` and the resources `/`, `/{store}` and `/{store}/{id}`; methods are the test's. */
export function api(...more: TemplateResource[]): TemplateResource[] {
  const replaced = new Set(more.map(({ logicalId }) => logicalId));
  return [
    resource('RestApi', 'Api', { Name: 'test' }),
    resource('Resource', 'Store', { ParentId: 'root', PathPart: '{store}' }),
    resource('Resource', 'Id', { ParentId: 'Store', PathPart: '{id}' }),
    resource('Deployment', 'Deployment'),
    resource('Stage', 'Stage', { StageName: 'prod', DeploymentId: 'Deployment' }),
  ]
    .filter(({ logicalId }) => !replaced.has(logicalId))
    .concat(more);
}

/** A key in a usage plan of the stage. */
export const usagePlan = (plan: Fields = {}, key: Fields = {}): TemplateResource[] => [
  resource('ApiKey', 'Key', { Enabled: true, Value: KEY, ...key }),
  resource('UsagePlan', 'Plan', { ApiStages: [{ ApiId: API_ID, Stage: 'prod' }], ...plan }),
  resource('UsagePlanKey', 'PlanKey', { KeyId: 'Key', KeyType: 'API_KEY', UsagePlanId: 'Plan' }),
];

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Request {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: http.OutgoingHttpHeaders | readonly string[];
  readonly body?: string | Buffer;
}

export type Call = Parameters<CallService>[0];

/** A running API behind a real HTTP server. */
export interface Served {
  readonly gateway: ApiGateway;
  readonly port: number;
  /** What the service was called with. */
  readonly calls: Call[];
  readonly accessLog: { group: string; message: string }[];
  send(request?: Request): Promise<Reply>;
  close(): Promise<void>;
}

/** By default the service answers `{}`. */
export async function serve(
  resources: readonly TemplateResource[],
  options: Partial<ApiGatewayOptions> = {},
): Promise<Served> {
  const calls: Call[] = [];
  const accessLog: Served['accessLog'] = [];
  const { callService = () => Promise.resolve({ status: 200, headers: {}, body: '{}' }) } = options;
  const gateway = startApiGateway({
    resources,
    region: 'eu-central-1',
    account: '111122223333',
    apiKeyValue: 'generated-key',
    writeAccessLog: (group, message) => accessLog.push({ group, message }),
    ...options,
    callService: (call) => {
      calls.push(call);
      return callService(call);
    },
  });
  const server = http.createServer((request, response) => void gateway.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    gateway,
    port,
    calls,
    accessLog,
    send: (request) => send(port, request),
    close: async () => {
      await gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(
  port: number,
  { method: verb = 'POST', path = '/prod/dynamo/votes', headers, body }: Request = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, method: verb, path, ...(headers && { headers: headers as http.OutgoingHttpHeaders }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
