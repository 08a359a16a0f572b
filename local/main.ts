import { isIP } from 'node:net';
import { startApiGateway } from 'template-runtime/api-gateway';
import { awsEndpoint } from 'template-runtime/http';
import { consoleRoute } from 'template-runtime/console';
import { openDataDirectory } from './data-directory';
import { type EventBridge, stackStatusEvent, startEventBridge } from 'template-runtime/event-bridge';
import { type CurlExample, homePage } from './home-page';
import { type Route, startHttpServer } from 'template-runtime/http';
import { startLambda } from 'template-runtime/lambda';
import { createLogs } from 'template-runtime/cloudwatch';
import { startMetrics } from 'template-runtime/cloudwatch';
import { logsRoute, metricsRoute } from 'template-runtime/cloudwatch';
import { startSecretsManager } from 'template-runtime/secrets-manager';
import {
  dynamoDbIntegrations,
  type Execution,
  lambdaIntegrations,
  startStepFunctions,
  stateMachinesFromTemplate,
  type StepFunctions,
} from 'template-runtime/step-functions';
import { LOCAL_STACK } from 'template-runtime/cloudformation';
import { type OpenStores, openStores } from './open-stores';
import { secretValue, type StoreAddress } from './store-address';
import { EMBEDDED_STORES, type StoreName } from './store-modules';
import { storesRoute } from './stores-route';
import { createTables } from 'template-runtime/dynamodb';
import { loadTemplate, type SynthesizedTemplate } from 'template-runtime/cloudformation';

export interface LocalOptions {
  /** The cloud assembly's folder, as `cdk synth` writes it. */
  readonly assembly: string;
  /** @default - a free port */
  readonly port?: number;
  /** @default "local-development-key" */
  readonly apiKey?: string | undefined;
  /** URLs of real servers, by setting (`REDIS_URL`, …). @default - all stores are embedded */
  readonly storeUrls?: Readonly<Record<string, string | undefined>>;
  /**
   * A folder where the executions and the embedded stores' data are kept for the next start.
   *
   * @default - they are gone at the end
   */
  readonly dataDirectory?: string | undefined;
  /** Told what is being done. @default - nobody is */
  readonly progress?: (step: string) => void;
}

/** The running system. */
export interface Local {
  /** Base URL of the API, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  /** The deployed mode and limit, for people. */
  readonly mode: string;
  readonly stores: OpenStores;
  readonly curls: readonly CurlExample[];
  readonly stepFunctions: StepFunctions;
  /** Output of the setup, JSON; undefined where no rule of the template started one. */
  readonly setup: string | undefined;
  close(): Promise<void>;
}

/** What the template's rules started after the stack's creation did not succeed. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

const DEFAULT_API_KEY = 'local-development-key';
const { region, account, stackId } = LOCAL_STACK;

/**
 * Runs a synthesized template on this machine: its API, state machines, functions, filters and rules, over embedded
 * stores. What it does is read from the template; nothing of it is written down a second time.
 *
 * @throws UnsupportedTemplateError for what the template asks for and isn't emulated
 * @throws PortTakenError
 * @throws SetupError when the setup that the template's rules start doesn't succeed
 * @throws Error with a line for each store or folder that can't be used
 */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const started: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    let failure: { error: unknown } | undefined;
    for (const end of started.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        failure ??= { error }; // the other parts are ended all the same
      }
    }
    if (failure) throw failure.error;
  };
  try {
    return { ...(await start(options, (end) => started.push(end))), close };
  } catch (error) {
    await close().catch(() => undefined); // the first error is the one that matters
    throw error;
  }
}

/** @param onClose takes what ends a part that was started; the last is ended first */
async function start(
  {
    assembly,
    port = 0,
    apiKey = DEFAULT_API_KEY,
    storeUrls = {},
    dataDirectory,
    progress = () => undefined,
  }: LocalOptions,
  onClose: (end: () => Promise<void> | void) => void,
): Promise<Omit<Local, 'close'>> {
  const template = loadTemplate(assembly);
  const { resources, outputs } = template;
  const names = (outputs['Stores'] ?? '').split(',').filter((name): name is StoreName => name in EMBEDDED_STORES);

  const data = dataDirectory === undefined ? undefined : await openDataDirectory(dataDirectory);
  onClose(() => data?.close());
  const kept = data && { dataDirectory: data.folder };

  progress(`Starting the stores: ${names.join(', ')} …`);
  let prepare = (): Promise<string | undefined> => Promise.resolve(undefined);
  const stores = await openStores(names, {
    urls: storeUrls,
    cacheNames: cacheNames(template),
    ...kept,
    onRevived: async () => void (await prepare()),
  });
  onClose(() => closeAll(stores));

  progress("Starting the template's services …");
  const routes: Route[] = [];
  const http = await startHttpServer({ port, routes });
  onClose(() => http.close());
  const logs = createLogs();
  const metrics = startMetrics({ resources, logs });
  onClose(() => metrics.close());
  const secrets = startSecretsManager({ resources });
  putStoreAddresses(template, stores, (secretId, value) => secrets.setValue(secretId, value));
  const lambda = startLambda({
    resources,
    codeDirectory: (resource) => template.codeDirectory(resource),
    region,
    account,
    baseEnvironment: { AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${http.port}` },
    writeLog: (group, stream, message) => logs.put(group, stream, message),
  });
  onClose(() => lambda.close());
  const dynamo = stores['dynamo'] && dynamoDbIntegrations(endpointOf(stores['dynamo'].address));
  onClose(() => dynamo?.close());
  const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function');
  const stepFunctions = startStepFunctions({
    region,
    account,
    stateMachines: stateMachinesFromTemplate(resources),
    integrations: {
      ...dynamo?.integrations,
      ...lambdaIntegrations(
        (name, payload, signal) => lambda.invoke(name, payload, signal),
        functions.map(({ attributes }) => attributes['Arn'] ?? ''),
      ),
    },
    writeLog: (group, message) => logs.put(group, 'executions', message),
    ...kept,
  });
  onClose(() => stepFunctions.close());
  const api = startApiGateway({
    resources,
    region,
    account,
    apiKeyValue: apiKey,
    callService: ({ action, body }) => stepFunctions.handle(action, body),
    writeAccessLog: (group, message) => logs.put(group, 'access', message),
  });
  onClose(() => api.close());

  const url = `http://127.0.0.1:${http.port}/${api.stages[0]?.name ?? ''}`;
  const mode = outputs['Mode'] ?? '';
  const curls = names.map((store) => ({
    store,
    command: `curl -X POST ${url}/${store}/votes -H "x-api-key: ${apiKey}"`,
  }));
  routes.push(
    awsEndpoint({
      AWSStepFunctions: (action, body) => stepFunctions.handle(action, body),
      secretsmanager: (action, body) => secrets.handle(action, body),
    }),
    homePage({ mode, curls, dataDirectory }),
    consoleRoute({ stepFunctions, metrics }),
    metricsRoute(metrics),
    logsRoute(logs),
    storesRoute(stores),
    (request, response) => api.handle(request, response),
  );
  const stackSetup = startStackSetup(template, stepFunctions);
  onClose(() => stackSetup.close());
  prepare = async () => {
    if (dynamo) await createTables(resources, (operation, parameters) => dynamo.call(operation, parameters));
    return stackSetup.run();
  };

  progress("Sending the stack's CREATE_COMPLETE, which starts the setup …");
  const setup = await prepare();
  return { url, port: http.port, apiKey, mode, stores, curls, stepFunctions, setup };
}

interface StackSetup {
  /**
   * Emits the stack's event, and waits for the executions that the template's rules start on it.
   *
   * @returns the output of the first; undefined where no rule started one
   * @throws SetupError
   */
  run(): Promise<string | undefined>;
  close(): void;
}

function startStackSetup({ resources }: SynthesizedTemplate, stepFunctions: StepFunctions): StackSetup {
  let startedBy: Promise<Execution>[] = [];
  const events: EventBridge = startEventBridge({
    resources,
    deliver: async (stateMachineArn, input) => {
      const { executionArn } = await stepFunctions.startExecution({ stateMachineArn, input });
      startedBy.push(stepFunctions.waitFor(executionArn));
    },
  });
  return {
    async run() {
      startedBy = [];
      const event = stackStatusEvent({ stackId, status: 'CREATE_COMPLETE', region, account, time: new Date() });
      for (const { targetArn, isDelivered } of await events.putEvent(event)) {
        if (!isDelivered) throw new SetupError(`The stack's event could not be delivered to ${targetArn}`);
      }
      const [execution] = await Promise.all(startedBy);
      if (!execution) return undefined;
      if (execution.status !== 'SUCCEEDED') {
        const { status, error = '', cause = '' } = execution;
        throw new SetupError(`The setup ended as ${status}: ${error} ${cause}`);
      }
      return execution.output?.text;
    },
    close: () => events.close(),
  };
}

/** Puts each store's address into the secret that its function reads, in place of the servers that AWS would make. */
function putStoreAddresses(
  { resources }: SynthesizedTemplate,
  stores: OpenStores,
  setValue: (secretId: string, value: Record<string, unknown>) => void,
): void {
  for (const { metadata, physicalId } of resources) {
    const name = metadata['atomic-counter:store'] as Exclude<StoreName, 'dynamo'> | undefined;
    const store = name === undefined ? undefined : stores[name];
    if (name !== undefined && store) setValue(physicalId, secretValue(name, store.address));
  }
}

/** The Momento caches that the functions use: on AWS they are made in Momento's console. */
function cacheNames({ resources }: SynthesizedTemplate): string[] {
  return resources.flatMap(({ properties }) => {
    const { Variables: variables } = (properties['Environment'] ?? {}) as { Variables?: Record<string, string> };
    return variables?.['MOMENTO_CACHE_NAME'] ?? [];
  });
}

function endpointOf({ host, port }: StoreAddress): string {
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

async function closeAll(stores: OpenStores): Promise<void> {
  await Promise.all(Object.values(stores).map((store) => store.close()));
}
