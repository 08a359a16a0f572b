import {
  type IModel,
  type IResource,
  MockIntegration,
  PassthroughBehavior,
  type Resource,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { methodNotAllowedBody, NOT_FOUND_BODY } from './mapping-templates';

export interface OtherRequestsProps {
  /** The model of their bodies. */
  readonly model: IModel;
  /** Content types of a body that is ignored. API Gateway answers others by 415. */
  readonly contentTypes: readonly string[];
  /** Header mappings of every answer. */
  readonly responseParameters: Readonly<Record<string, string>>;
}

/**
 * Answers what is no request of the API: 404 for an unknown path, 405 with `Allow` for a method that a counter doesn't have.
 *
 * API Gateway itself takes both for a missing authentication token, whose gateway response can't tell which of them it is.
 * So each resource gets a method `ANY`, for all methods that it doesn't have, with a mock integration. It needs the API key
 * as the others do: without a valid one a request is answered 403 and not charged; with one it counts in the usage plan
 * and is charged, as any request.
 *
 * A `{proxy+}` at the root would be shorter, but API Gateway refuses a second variable part beside `{store}`.
 *
 * Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html,
 * https://repost.aws/questions/QU5y4fo-e3RWyU5r4VmyPIzA (what is charged),
 * https://github.com/serverless-nextjs/serverless-next.js/issues/938 (`{slug}` and `{proxy+}`)
 *
 * @param counter the only resource with methods of its own, `/{store}/{id}`
 */
export function answerOtherRequests(api: RestApi, counter: Resource, props: OtherRequestsProps): void {
  const methods = api.methods.filter(({ resource }) => resource === counter).map(({ httpMethod }) => httpMethod);
  const parents = [api.root, counter.parentResource ?? api.root];
  for (const resource of [...parents, counter.addResource('{proxy+}')]) {
    refuse(resource, '404', NOT_FOUND_BODY, props);
  }
  refuse(counter, '405', methodNotAllowedBody(methods), {
    ...props,
    responseParameters: { ...props.responseParameters, 'method.response.header.Allow': `'${methods.join(', ')}'` },
  });
}

function refuse(
  resource: IResource,
  statusCode: string,
  body: string,
  { model, contentTypes, responseParameters }: OtherRequestsProps,
): void {
  resource.addMethod(
    'ANY',
    new MockIntegration({
      // Anything else would take the body of an unmapped content type for the request of the mock, which fails then.
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestTemplates: Object.fromEntries(contentTypes.map((type) => [type, `{"statusCode":${statusCode}}`])),
      integrationResponses: [
        { statusCode, responseParameters: { ...responseParameters }, responseTemplates: { 'application/json': body } },
      ],
    }),
    {
      apiKeyRequired: true,
      methodResponses: [
        {
          statusCode,
          responseModels: { 'application/json': model },
          responseParameters: Object.fromEntries(Object.keys(responseParameters).map((name) => [name, true])),
        },
      ],
    },
  );
}
