import { type Acknowledgment, Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  type ApiKey,
  AwsIntegration,
  type CfnMethod,
  type CfnRestApi,
  EndpointType,
  LogGroupLogDestination,
  type MethodResponse,
  type IntegrationResponse,
  PassthroughBehavior,
  Period,
  type Resource,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration';
import { addGatewayResponses } from './gateway-responses';
import {
  INCREMENT_NOT_STARTED_BODY,
  INCREMENT_UNKNOWN_BODY,
  incrementAnswerTemplate,
  READ_NOT_STARTED_BODY,
  READ_UNKNOWN_BODY,
  readAnswerTemplate,
  startIncrementTemplate,
  startReadTemplate,
} from './mapping-templates';
import { addModels, type ResponseModels } from './models';
import { answerOtherRequests } from './other-requests';

export interface CounterApiProps {
  /** Carries out `POST /{store}/{id}`. */
  readonly increment: StateMachine;
  /** Carries out `GET /{store}/{id}`. */
  readonly read: StateMachine;
  readonly configuration: Configuration;
}

const IDEMPOTENCY_KEY = 'Idempotency-Key';
const ANSWER_HEADERS = ['X-Execution-Arn', 'Retry-After'];
const INCREMENT_ANSWER_HEADERS = [...ANSWER_HEADERS, 'Idempotent-Replay'];

/** Headers that a page of another origin may read. */
const EXPOSED_HEADERS = INCREMENT_ANSWER_HEADERS;
const ANY_ORIGIN = "'*'";
const QUOTED_EXPOSED_HEADERS = `'${EXPOSED_HEADERS.join(',')}'`;

/** Request bodies are ignored, but a client that sends one of these is served. Any other type is answered 415. */
const ACCEPTED_CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded', 'text/plain'];

/**
 * The HTTP API: `POST` and `GET /{store}/{id}`, with a key, a usage plan and an access log. Whatever it answers that isn't a
 * success has an `error`, API Gateway's own answers included.
 *
 * CDK's own `StepFunctionsIntegration` is not used: it answers an empty 200 for an execution that timed out and prints
 * causes unescaped.
 */
export class CounterApi extends Construct {
  readonly api: RestApi;
  readonly apiKey: ApiKey;

  constructor(scope: Construct, id: string, { increment, read, configuration }: CounterApiProps) {
    super(scope, id);
    this.api = new RestApi(this, 'Api', {
      restApiName: Aws.STACK_NAME, // a dimension of its metrics: two stacks of a region must differ in it
      description: 'Increments and reads atomic counters',
      endpointTypes: [EndpointType.REGIONAL],
      // The one role with which all APIs of the account and region log: if it went with this stack, the others would
      // stop logging.
      // Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      deployOptions: {
        stageName: 'prod',
        accessLogDestination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLog', {
            retention: configuration.logRetentionDays,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
        accessLogFormat: accessLogFormat(),
        tracingEnabled: configuration.tracing,
      },
    });
    // By default a regional API takes TLS 1.0. STRICT refuses a request whose host differs from that of its TLS
    // connection.
    // Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
    const resource = this.api.node.defaultChild as CfnRestApi;
    resource.securityPolicy = 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09';
    resource.endpointAccessMode = 'STRICT';
    this.addCounter(increment, read, configuration);
    addGatewayResponses(this.api, {
      headers: { 'Access-Control-Allow-Origin': ANY_ORIGIN, 'Access-Control-Expose-Headers': QUOTED_EXPOSED_HEADERS },
      contentTypes: ACCEPTED_CONTENT_TYPES,
    });
    this.apiKey = this.addUsagePlan(configuration);
    Validations.of(this.api).acknowledge(...ACKNOWLEDGMENTS);
  }

  private addCounter(increment: StateMachine, read: StateMachine, configuration: Configuration): void {
    const role = new Role(this, 'StartRole', {
      description: 'Lets the API start increments and reads',
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    });
    for (const stateMachine of [increment, read]) stateMachine.grantStartSyncExecution(role);

    const models = addModels(this.api, configuration.stores);
    const counter = this.api.root.addResource('{store}').addResource('{id}');
    const timeout = Duration.seconds(configuration.apiTimeoutSeconds);
    addExecution(counter, 'GET', role, {
      name: 'read',
      models: models.read,
      parameters: { header: [], querystring: ['max'] },
      answerHeaders: ANSWER_HEADERS,
      request: startReadTemplate(read.stateMachineArn, configuration),
      answer: readAnswerTemplate(),
      notStarted: READ_NOT_STARTED_BODY,
      unknown: READ_UNKNOWN_BODY,
      timeout,
    });
    addExecution(counter, 'POST', role, {
      name: 'increment',
      models: models.increment,
      parameters: { header: [IDEMPOTENCY_KEY], querystring: ['max', 'by'] },
      answerHeaders: INCREMENT_ANSWER_HEADERS,
      request: startIncrementTemplate(increment.stateMachineArn, configuration),
      answer: incrementAnswerTemplate(configuration),
      notStarted: INCREMENT_NOT_STARTED_BODY,
      unknown: INCREMENT_UNKNOWN_BODY,
      timeout,
    });
    const preflight = counter.addCorsPreflight({
      allowOrigins: ['*'],
      allowMethods: ['GET', 'POST'],
      allowHeaders: ['Content-Type', 'X-Api-Key', IDEMPOTENCY_KEY],
      exposeHeaders: EXPOSED_HEADERS,
      maxAge: Duration.hours(1),
    });
    // A preflight whose content type has no mapping template would pass its body to the mock, which fails then.
    (preflight.node.defaultChild as CfnMethod).addPropertyOverride('Integration.PassthroughBehavior', 'NEVER');
    answerOtherRequests(this.api, counter, {
      model: models.refused,
      contentTypes: ACCEPTED_CONTENT_TYPES,
      responseParameters: corsParameters,
    });
  }

  private addUsagePlan({ throttleRate, throttleBurst, quotaPerDay }: Configuration): ApiKey {
    const plan = this.api.addUsagePlan('UsagePlan', {
      throttle: { rateLimit: throttleRate, burstLimit: throttleBurst },
      quota: { limit: quotaPerDay, period: Period.DAY },
      apiStages: [{ stage: this.api.deploymentStage }],
    });
    const key = this.api.addApiKey('Key') as ApiKey;
    plan.addApiKey(key);
    return key;
  }
}

/** What the AWS Solutions checks find in the API, and why it stays. */
const ACKNOWLEDGMENTS: Acknowledgment[] = [
  {
    id: 'AwsSolutions-APIG2',
    reason: 'Path parameters are validated; bodies are ignored, so there is nothing to validate in them.',
  },
  {
    id: 'AwsSolutions-APIG3',
    reason:
      'A web ACL has a fixed price per month. The usage plan limits the requests; the stage takes an ACL at any time.',
  },
  {
    id: 'AwsSolutions-APIG4',
    reason:
      'An API key and a usage plan: a counter is open to whoever has the key. docs/security.md names the stronger ways.',
  },
  { id: 'AwsSolutions-COG4', reason: 'No user pool: see AwsSolutions-APIG4.' },
  {
    id: 'AwsSolutions-APIG6',
    reason:
      'It would write counter ids and payloads to a second log: the access log and the execution log of Step Functions suffice.',
  },
  {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
    reason: 'The policy that API Gateway requires: its role for logs is one per account and region.',
  },
];

/** How a method maps a request to an execution and its end to an answer, and how long it waits. */
interface ExecutionMethod {
  readonly name: string;
  /** The models of its answers. */
  readonly models: ResponseModels;
  /** What a client may send and that means something here. */
  readonly parameters: Readonly<Record<'header' | 'querystring', readonly string[]>>;
  readonly answerHeaders: readonly string[];
  readonly request: string;
  readonly answer: string;
  /** Body when the start was refused. */
  readonly notStarted: string;
  /** Body when StartSyncExecution itself failed. */
  readonly unknown: string;
  /** Above the state machine's own. */
  readonly timeout: Duration;
}

/** Adds a method that starts an execution and waits for its end. */
function addExecution(resource: Resource, httpMethod: string, credentialsRole: IRole, method: ExecutionMethod): void {
  resource.addMethod(
    httpMethod,
    new AwsIntegration({
      service: 'states',
      action: 'StartSyncExecution',
      integrationHttpMethod: 'POST',
      options: {
        credentialsRole,
        // Anything else would pass the body of an unmapped content type to StartSyncExecution as it is, and let the
        // client choose the state machine and its input.
        passthroughBehavior: PassthroughBehavior.NEVER,
        requestTemplates: Object.fromEntries(ACCEPTED_CONTENT_TYPES.map((type) => [type, method.request])),
        timeout: method.timeout,
        integrationResponses: integrationResponses(method),
      },
    }),
    {
      operationName: method.name,
      apiKeyRequired: true,
      requestParameters: {
        'method.request.path.store': true,
        'method.request.path.id': true,
        ...Object.fromEntries(
          Object.entries(method.parameters).flatMap(([kind, names]) =>
            names.map((name) => [`method.request.${kind}.${name}`, false]),
          ),
        ),
      },
      requestValidatorOptions: { validateRequestParameters: true, validateRequestBody: false },
      methodResponses: methodResponses(method),
    },
  );
}

const corsParameters = {
  'method.response.header.Access-Control-Allow-Origin': ANY_ORIGIN,
  'method.response.header.Access-Control-Expose-Headers': QUOTED_EXPOSED_HEADERS,
};

/**
 * One answer for executions that ran, one for a start that was refused, one where StartSyncExecution itself failed.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
 */
function integrationResponses({ answer, notStarted, unknown }: ExecutionMethod): IntegrationResponse[] {
  return [
    {
      statusCode: '200',
      responseParameters: {
        ...corsParameters,
        'method.response.header.X-Execution-Arn': 'integration.response.body.executionArn',
      },
      responseTemplates: { 'application/json': answer },
    },
    {
      selectionPattern: '4\\d{2}',
      statusCode: '503',
      responseParameters: { ...corsParameters, 'method.response.header.Retry-After': "'1'" },
      responseTemplates: { 'application/json': notStarted },
    },
    {
      selectionPattern: '5\\d{2}',
      statusCode: '504',
      responseParameters: corsParameters,
      responseTemplates: { 'application/json': unknown },
    },
  ];
}

/** The answer's mapping template chooses 400, 404 and 409; they are declared for readers of the API's description. */
function methodResponses({ models, answerHeaders }: ExecutionMethod): MethodResponse[] {
  return Object.entries(models).map(([statusCode, model]) => ({
    statusCode,
    responseModels: { 'application/json': model },
    responseParameters: Object.fromEntries(
      ['Access-Control-Allow-Origin', 'Access-Control-Expose-Headers', ...answerHeaders].map((header) => [
        `method.response.header.${header}`,
        true,
      ]),
    ),
  }));
}

/** Who, what and how it ended: no key, no body, no counter id (the resource path stands for it). */
function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      requestId: AccessLogField.contextRequestId(),
      requestTime: AccessLogField.contextRequestTime(),
      ip: AccessLogField.contextIdentitySourceIp(),
      httpMethod: AccessLogField.contextHttpMethod(),
      resourcePath: AccessLogField.contextResourcePath(),
      status: AccessLogField.contextStatus(),
      error: AccessLogField.contextErrorResponseType(),
      integrationStatus: AccessLogField.contextIntegrationStatus(),
      responseLatency: AccessLogField.contextResponseLatency(),
    }),
  );
}
