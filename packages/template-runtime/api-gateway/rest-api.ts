import type { TemplateResource } from '../cloudformation/resource';
import { readAccessLog, type WriteAccessLog } from './access-log';
import { type Exchange, type StageContext } from './exchange';
import { GatewayResponses } from './gateway-responses';
import { type Integration, type IntegrationOptions, readIntegration } from './integration';
import type { MethodResponses } from './integration-response';
import { Properties } from './properties';
import { Routes } from './routes';
import { TokenBucket } from './token-bucket';
import { type PlanOfStage, readLimit, UsagePlans } from './usage-plan';
import { compileRequestCheck, Models, type RequestCheck } from './validator';
import { emptyMap } from './velocity/values';

/** A method of a resource, the same in every stage. */
export interface Method {
  readonly httpMethod: string;
  readonly resourceId: string;
  readonly resourcePath: string;
  readonly needsKey: boolean;
  readonly check: RequestCheck;
  readonly integration: Integration;
}

/** A method in a stage. */
export interface Route {
  readonly method: Method;
  /** `/resource/path/METHOD`, as usage plans name methods. */
  readonly name: string;
  /** The stage's limit for all callers of the method together. */
  readonly throttle: TokenBucket | undefined;
}

/** A method of a stage, for people. */
export interface StageRoute {
  readonly method: string;
  /** Below the stage, such as `/{store}/{id}`. */
  readonly path: string;
  readonly needsKey: boolean;
}

/** A stage: an API at `/<name>/…`. */
export interface Stage {
  readonly context: StageContext;
  readonly routes: Routes<Route>;
  readonly list: readonly StageRoute[];
  readonly gatewayResponses: GatewayResponses;
  readonly usagePlans: UsagePlans;
  readonly log: ((exchange: Exchange) => void) | undefined;
}

export interface RestApiOptions extends IntegrationOptions {
  readonly account: string;
  readonly plans: readonly PlanOfStage[];
  readonly writeAccessLog: WriteAccessLog;
}

/**
 * Reads a REST API and its stages. Deployments have no content of their own here: every stage shows the template's methods.
 *
 * @param api of type `AWS::ApiGateway::RestApi`
 * @param resources all of the template
 * @throws UnsupportedTemplateError
 */
export function readRestApi(
  api: TemplateResource,
  resources: readonly TemplateResource[],
  options: RestApiOptions,
): Stage[] {
  refuseUnsupportedApi(api);
  const own = resources.filter(({ properties }) => properties['RestApiId'] === api.physicalId);
  const ofType = (type: string): TemplateResource[] =>
    own.filter((resource) => resource.type === `AWS::ApiGateway::${type}`);
  const methods = readMethods(api, ofType, options);
  const gatewayResponses = new GatewayResponses(ofType('GatewayResponse'));
  for (const deployment of ofType('Deployment'))
    new Properties(deployment).ignore('RestApiId', 'Description').refuseOthers();
  return ofType('Stage').map((stage) => readStage(stage, api, methods, gatewayResponses, options));
}

function refuseUnsupportedApi(api: TemplateResource): void {
  const properties = new Properties(api);
  properties.choice('ApiKeySourceType', ['HEADER'], 'HEADER');
  properties.choice('DisableExecuteApiEndpoint', ['false'], 'false');
  properties
    .ignore('Name', 'Description', 'Tags', 'EndpointConfiguration', 'SecurityPolicy', 'EndpointAccessMode')
    .refuseOthers();
}

type OfType = (type: string) => TemplateResource[];

function readMethods(api: TemplateResource, ofType: OfType, options: RestApiOptions): Method[] {
  const paths = readPaths(api, ofType('Resource'));
  const models = new Models(ofType('Model'), api.physicalId);
  const validators = new Map(ofType('RequestValidator').map((resource) => [resource.physicalId, resource]));
  return ofType('Method').map((resource) => {
    const properties = new Properties(resource).ignore('RestApiId', 'OperationName');
    properties.choice('AuthorizationType', ['NONE'], 'NONE');
    const resourceId = properties.text('ResourceId');
    const resourcePath = paths.get(resourceId);
    if (resourcePath === undefined)
      throw properties.refuse('ResourceId', 'names no AWS::ApiGateway::Resource of the API');
    const validatorId = properties.optionalText('RequestValidatorId');
    const validator = validatorId === undefined ? undefined : validators.get(validatorId);
    if (validatorId !== undefined && validator === undefined)
      throw properties.refuse('RequestValidatorId', 'names no AWS::ApiGateway::RequestValidator of the API');
    const integration = properties.optionalObject('Integration');
    if (integration === undefined) throw properties.refuse('Integration', 'is missing');
    const declared = new Set(properties.texts('RequestParameters').map(([name]) => name));
    const method = {
      httpMethod: properties.text('HttpMethod'),
      resourceId,
      resourcePath,
      needsKey: properties.flag('ApiKeyRequired'),
      check: compileRequestCheck(properties, validator && new Properties(validator), models),
      integration: readIntegration(integration, declared, readMethodResponses(properties), options),
    };
    properties.refuseOthers();
    return method;
  });
}

/**
 * The full path of each resource, by its id. Of the resources with the same parent one may be a variable.
 *
 * Source: what CreateResource answers otherwise, "A sibling ({id}) of this resource already has a variable path part -- only
 * one is allowed", also for a `{proxy+}` (https://github.com/serverless-nextjs/serverless-next.js/issues/938)
 */
function readPaths(api: TemplateResource, resources: readonly TemplateResource[]): Map<string, string> {
  const parts = new Map(
    resources.map((resource) => {
      const properties = new Properties(resource).ignore('RestApiId');
      const read = { parent: properties.text('ParentId'), part: properties.text('PathPart'), properties };
      properties.refuseOthers();
      return [resource.physicalId, read];
    }),
  );
  const variables = new Map<string, string>();
  for (const { parent, part, properties } of parts.values()) {
    if (!part.startsWith('{')) continue;
    const sibling = variables.get(parent);
    if (sibling !== undefined)
      throw properties.refuse('PathPart', `${part} stands beside ${sibling}: only one part may be a variable`);
    variables.set(parent, part);
  }
  const root = api.attributes['RootResourceId'] ?? '';
  const paths = new Map([[root, '/']]);
  const pathOf = (id: string, properties?: Properties): string => {
    const known = paths.get(id);
    if (known !== undefined) return known;
    const resource = parts.get(id);
    if (resource === undefined)
      throw (properties ?? new Properties(api)).refuse('ParentId', 'names no resource of the API');
    const parent = pathOf(resource.parent, resource.properties);
    const path = `${parent === '/' ? '' : parent}/${resource.part}`;
    paths.set(id, path);
    return path;
  };
  for (const id of parts.keys()) pathOf(id);
  return paths;
}

function readMethodResponses(method: Properties): MethodResponses {
  return new Map(
    method.objects('MethodResponses').map((response) => {
      const headers = new Set(response.texts('ResponseParameters').map(([name]) => name));
      const status = response.text('StatusCode');
      response.ignore('ResponseModels').refuseOthers(); // models describe answers to SDKs, nothing checks them
      return [status, headers];
    }),
  );
}

function readStage(
  resource: TemplateResource,
  api: TemplateResource,
  methods: readonly Method[],
  gatewayResponses: GatewayResponses,
  options: RestApiOptions,
): Stage {
  const properties = new Properties(resource).ignore(
    'RestApiId',
    'Description',
    'Tags',
    'DocumentationVersion',
    'TracingEnabled',
  );
  properties.choice('CacheClusterEnabled', ['false'], 'false');
  const name = properties.text('StageName');
  const limits = readMethodSettings(properties.objects('MethodSettings'), options.clock.now);
  const accessLog = properties.optionalObject('AccessLogSetting');
  const routes = new Routes<Route>();
  for (const method of methods) {
    const route: Route = {
      method,
      name: `${method.resourcePath}/${method.httpMethod}`,
      throttle: limits(method.resourcePath, method.httpMethod),
    };
    routes.add(method.resourcePath, method.httpMethod, route);
  }
  const stage: Stage = {
    context: {
      accountId: options.account,
      apiId: api.physicalId,
      deploymentId: properties.optionalText('DeploymentId') ?? '',
      stage: name,
      stageVariables: Object.assign(emptyMap(), Object.fromEntries(properties.texts('Variables'))),
    },
    routes,
    list: methods.map(({ httpMethod, resourcePath, needsKey }) => ({
      method: httpMethod,
      path: resourcePath,
      needsKey,
    })),
    gatewayResponses,
    usagePlans: new UsagePlans(
      options.plans.filter((plan) => plan.apiId === api.physicalId && plan.stage === name),
      options.clock.now,
    ),
    log: accessLog && readAccessLog(accessLog, options.writeAccessLog),
  };
  properties.refuseOthers();
  return stage;
}

/**
 * Reads the throttle of a stage's method settings: the most specific one applies, each method has its own bucket.
 * Execution logs, traces and metrics, which the same settings switch, are not emulated and change no answer.
 */
function readMethodSettings(
  settings: readonly Properties[],
  now: () => number,
): (path: string, method: string) => TokenBucket | undefined {
  const limits = settings.map((setting) => {
    setting.ignore('LoggingLevel', 'DataTraceEnabled', 'MetricsEnabled');
    setting.choice('CachingEnabled', ['false'], 'false');
    const limit = readLimit(setting, 'ThrottlingRateLimit', 'ThrottlingBurstLimit');
    // A resource path is written with ~1 for its slashes after the first; `/*` means all.
    const path = (setting.optionalText('ResourcePath') ?? '/*').replaceAll('~1', '/').replace(/^\/\//, '/');
    const method = setting.optionalText('HttpMethod') ?? '*';
    setting.refuseOthers();
    return { limit, path, method };
  });
  return (path, method) => {
    const matching = limits.filter(
      (setting) =>
        setting.limit !== undefined && [path, '/*'].includes(setting.path) && [method, '*'].includes(setting.method),
    );
    matching.sort((left, right) => specificity(right) - specificity(left));
    const limit = matching[0]?.limit;
    return limit && new TokenBucket(limit.rate, limit.burst, now);
  };
}

const specificity = ({ path, method }: { path: string; method: string }): number =>
  (path === '/*' ? 0 : 2) + (method === '*' ? 0 : 1);
