import { type StageRoute, startApiGateway } from './api-gateway';
import type { SynthesizedTemplate } from './cloudformation';
import { createLogs, logsRoute, metricsRoute, startMetrics } from './cloudwatch';
import { consoleRoute } from './console';
import { createTables, readTables } from './dynamodb';
import { type EventBridge, handleEventsCall, stackStatusEvent, startEventBridge } from './event-bridge';
import { awsEndpoint, firstAnswer, type Route, startHttpServer } from './http';
import { inlineCode, startLambda } from './lambda';
import { type OnClose, startParts } from './parts';
import { startSecretsManager } from './secrets-manager';
import {
  dynamoDbIntegrations,
  type Execution,
  lambdaIntegrations,
  startStepFunctions,
  stateMachinesFromTemplate,
  type StepFunctions,
} from './step-functions';

export interface TemplateRuntimeOptions {
  readonly template: SynthesizedTemplate;
  /** @default - a free port */
  readonly port?: number;
  /** The value of the template's API keys. */
  readonly apiKey: string;
  /**
   * DynamoDB's endpoint, such as `http://127.0.0.1:8000`; the template's tables are created there. @default - nowhere
   */
  readonly dynamoDbUrl?: string;
  /** Values of secrets by their physical id, over those that the template gives. @default - none */
  readonly secretValues?: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Further routes, tried before the API's; ones that are added to the array later count too. @default - none */
  readonly routes?: readonly Route[];
  /** The one of them that tells the states of stores, and changes them, for the console. @default - none */
  readonly storesPath?: string;
  /** A folder where executions are kept for the next start. @default - they are lost at the end */
  readonly dataDirectory?: string;
}

export { type OnClose, startParts } from './parts';

/** A template that runs. */
export interface TemplateRuntime {
  readonly port: number;
  /** Base URL of each stage of the template's APIs, without a slash at the end. */
  readonly urls: readonly string[];
  /** Every method of every stage; in `url` stands the resource's path, such as `/{id}`. */
  readonly routes: readonly (StageRoute & { readonly url: string })[];
  readonly stepFunctions: StepFunctions;
  /** Creates the template's missing tables. */
  createTables(): Promise<void>;
  /**
   * Makes the template's tables where they aren't there, emits the stack's CREATE_COMPLETE, and waits for the executions that
   * the template's rules start on it. It may be called again.
   *
   * @throws DeliveryError when a rule's target could not be started
   */
  completeStack(): Promise<Execution[]>;
  close(): Promise<void>;
}

/** An event could not be delivered to a rule's target. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

/**
 * Runs a synthesized template on this machine: its API, state machines, functions, filters and rules. All behaviour is
 * read from the template, and none is written down twice.
 *
 * @throws UnsupportedTemplateError for what the template asks for and isn't emulated
 * @throws PortTakenError
 */
export function startTemplateRuntime(options: TemplateRuntimeOptions): Promise<TemplateRuntime> {
  return startParts((onClose) => start(options, onClose));
}

async function start(
  {
    template,
    port = 0,
    apiKey,
    dynamoDbUrl,
    secretValues,
    routes: further = [],
    storesPath,
    dataDirectory,
  }: TemplateRuntimeOptions,
  onClose: OnClose,
): Promise<Omit<TemplateRuntime, 'close'>> {
  const { resources, location } = template;
  const { region, account, stackId } = location;
  const routes: Route[] = [];
  const http = await startHttpServer({ port, routes });
  onClose(() => http.close());
  const logs = createLogs();
  const metrics = startMetrics({ resources, logs });
  onClose(() => metrics.close());
  const secrets = startSecretsManager({ resources });
  for (const [id, value] of secretValues ?? []) secrets.setValue(id, value);
  const inline = inlineCode();
  onClose(() => inline.remove());
  const endpoint = `http://127.0.0.1:${http.port}`;
  const lambda = startLambda({
    resources,
    codeDirectory: (resource) => inline.directoryOf(resource) ?? template.codeDirectory(resource),
    region,
    account,
    baseEnvironment: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
      AWS_ENDPOINT_URL_SFN: endpoint,
      AWS_ENDPOINT_URL_EVENTBRIDGE: endpoint,
      ...(dynamoDbUrl !== undefined && { AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl }),
    },
    logs,
  });
  onClose(() => lambda.close());
  readTables(resources); // what isn't emulated ends the start, not the first completion
  const dynamo = dynamoDbUrl === undefined ? undefined : dynamoDbIntegrations(dynamoDbUrl);
  onClose(() => dynamo?.close());
  const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function');
  const stepFunctions = startStepFunctions({
    region,
    account,
    stateMachines: stateMachinesFromTemplate(resources),
    integrations: {
      ...dynamo?.integrations,
      ...lambdaIntegrations(
        (name, payload, scope, onAccepted) => lambda.invoke(name, payload, scope, onAccepted),
        functions.map(({ attributes }) => attributes['Arn'] ?? ''),
      ),
    },
    writeLog: (group, log, number, type) => logs.putLater(group, 'executions', log, number, type),
    ...(dataDirectory !== undefined && { dataDirectory }),
  });
  onClose(() => stepFunctions.close());
  const api = startApiGateway({
    resources,
    region,
    account,
    apiKeyValue: apiKey,
    callService: ({ action, body }) => stepFunctions.handle(action, body),
    invokeFunction: (arn, payload, scope) => lambda.invoke(arn, payload, scope),
    writeAccessLog: (group, message) => logs.put(group, 'access', message),
  });
  onClose(() => api.close());

  /** What the stack's event starts; undefined while that isn't sent. */
  let startedBy: Promise<Execution>[] | undefined;
  const machines = stepFunctions.stateMachines.map(({ arn }) => arn);
  const events: EventBridge = startEventBridge({
    resources,
    isTarget: (arn) => machines.includes(arn),
    deliver: async (stateMachineArn, input) => {
      const { executionArn } = await stepFunctions.startExecution({ stateMachineArn, input });
      startedBy?.push(stepFunctions.waitFor(executionArn));
    },
  });
  onClose(() => events.close());

  const apiMethods = api.stages.flatMap(({ name, routes: methods }) =>
    methods.map((method) => ({ ...method, url: `${endpoint}/${name}${method.path}` })),
  );
  routes.push(
    awsEndpoint({
      AWSStepFunctions: (action, body) => stepFunctions.handle(action, body),
      secretsmanager: (action, body) => secrets.handle(action, body),
      AWSEvents: (action, body) => handleEventsCall(events, { region, account }, action, body),
    }),
    consoleRoute({
      stepFunctions,
      metrics,
      logs,
      apiMethods,
      apiKey,
      ...(storesPath !== undefined && { storesPath }),
    }),
    metricsRoute(metrics),
    logsRoute(logs),
    (request, response) => firstAnswer(further, request, response),
    (request, response) => api.handle(request, response),
  );

  const makeTables = async (): Promise<void> => {
    if (dynamo) await createTables(resources, (operation, parameters) => dynamo.call(operation, parameters));
  };
  return {
    port: http.port,
    urls: api.stages.map(({ name }) => `${endpoint}/${name}`),
    routes: apiMethods,
    stepFunctions,
    createTables: makeTables,
    async completeStack() {
      await makeTables();
      const started: Promise<Execution>[] = [];
      startedBy = started;
      const event = stackStatusEvent({ stackId, status: 'CREATE_COMPLETE', region, account, time: new Date() });
      const attempts = await events.putEvent(event);
      startedBy = undefined;
      const failed = attempts.find(({ isDelivered }) => !isDelivered);
      if (failed) throw new DeliveryError(`The stack's event could not be delivered to ${failed.targetArn}`);
      return Promise.all(started);
    },
  };
}
