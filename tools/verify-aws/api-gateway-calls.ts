import { type APIGatewayClient, GetResourcesCommand, TestInvokeMethodCommand } from '@aws-sdk/client-api-gateway';
import type { TemplateResource } from 'template-runtime/cloudformation';
import type { Local } from '../../local/main';
import { type Answer, type Call, type Group, parsed } from './call';

export interface ApiOptions {
  readonly restApiId: string;
  readonly resources: readonly TemplateResource[];
  /** A deployed store. */
  readonly store: string;
  /** The same CloudFormation template on the laptop, where all counters are at zero. */
  readonly local: Pick<Local, 'url' | 'apiKey'>;
  readonly client: APIGatewayClient;
}

/** An invalid id, and its form in a path. */
const INVALID_ID = 'a%20b';

/**
 * `TestInvokeMethod` of each method of the template, with a valid and an invalid id. It is a call like any other,
 * without key and usage plan: the valid POST counts, so the id is a new one.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html
 */
export function apiGroup({ restApiId, resources, store, local, client }: ApiOptions): Group {
  const ids = [`verify-aws-${Date.now()}`, INVALID_ID];
  let resourceIds: Promise<Map<string, string>> | undefined;
  const idsByPath = (signal: AbortSignal): Promise<Map<string, string>> =>
    (resourceIds ??= readIds(client, restApiId, signal));
  return {
    action: 'TestInvokeMethod',
    about: `REST API ${restApiId}`,
    gaps: [],
    calls: methodsOf(resources).flatMap(({ httpMethod, path: template }) =>
      ids.map((id): Call => {
        const path = template.replace('{store}', store).replace('{id}', id);
        return {
          what: `${httpMethod} ${path}`,
          async expect() {
            const headers = { 'x-api-key': local.apiKey };
            const response = await fetch(`${local.url}${path}`, { method: httpMethod, headers });
            return answerOf(response.status, await response.text());
          },
          async ask(abortSignal) {
            const resourceId = (await idsByPath(abortSignal)).get(template);
            if (resourceId === undefined) throw new Error(`the API has no resource ${template}`);
            const command = new TestInvokeMethodCommand({
              restApiId,
              resourceId,
              httpMethod,
              pathWithQueryString: path,
            });
            const { status, body } = await client.send(command, { abortSignal });
            return answerOf(status, body);
          },
        };
      }),
    ),
  };
}

function answerOf(status: number | undefined, body = ''): Answer {
  return { status, body: parsed(body) };
}

/**
 * The CloudFormation template's methods; POST before GET, which reads its result. `ANY` is left out: it is no method that a
 * request can have.
 */
function methodsOf(resources: readonly TemplateResource[]): { httpMethod: string; path: string }[] {
  const parts = new Map(resources.map(({ physicalId, properties }) => [physicalId, properties]));
  const pathOf = (resourceId: unknown): string => {
    const { PathPart, ParentId } = parts.get(String(resourceId)) ?? {};
    return typeof PathPart === 'string' ? `${pathOf(ParentId)}/${PathPart}` : '';
  };
  return resources
    .filter(({ type }) => type === 'AWS::ApiGateway::Method')
    .map(({ properties: { HttpMethod, ResourceId } }) => ({ httpMethod: String(HttpMethod), path: pathOf(ResourceId) }))
    .filter(({ httpMethod }) => httpMethod !== 'ANY')
    .sort((a, b) => (a.httpMethod > b.httpMethod ? -1 : 1));
}

async function readIds(
  client: APIGatewayClient,
  restApiId: string,
  abortSignal: AbortSignal,
): Promise<Map<string, string>> {
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId, limit: 500 }), { abortSignal });
  return new Map(items.map(({ path = '', id = '' }) => [path, id]));
}
