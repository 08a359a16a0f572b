import { isIP } from 'node:net';
import { type OnClose, startParts, startTemplateRuntime } from 'template-runtime';
import { loadTemplate, type SynthesizedTemplate } from 'template-runtime/cloudformation';
import type { Route } from 'template-runtime/http';
import type { Execution, StepFunctions } from 'template-runtime/step-functions';
import { openDataDirectory } from './data-directory';
import { fateOf } from './fate';
import { type CurlExample, homePage } from './home-page';
import { markedStore } from './marked-store';
import { type OpenStores, openStores } from './open-stores';
import { secretValue, type StoreAddress } from './store-address';
import { EMBEDDED_STORES, type StoreName } from './store-modules';
import { STORES_PATH, storesRoute } from './stores-route';

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
   * A folder that keeps the executions and the embedded stores' data for the next start.
   *
   * @default - they are lost at the end
   */
  readonly dataDirectory?: string | undefined;
  /** Called with each step of the start. @default - not reported */
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
  /** What becomes of the counters at the end, in a sentence. */
  readonly fate: string;
  readonly stepFunctions: StepFunctions;
  /** Output of the setup, JSON; undefined where no rule of the template started one. */
  readonly setup: string | undefined;
  close(): Promise<void>;
}

/** The setup that the template's rules start after the stack's creation did not succeed. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

const DEFAULT_API_KEY = 'local-development-key';

/**
 * Runs a synthesized template on this machine: its API, state machines, functions, filters and rules, over embedded
 * stores. All behaviour is read from the template, and none is written down twice.
 *
 * @throws UnsupportedTemplateError for a part of the template that isn't emulated
 * @throws PortTakenError
 * @throws SetupError when the setup that the template's rules start doesn't succeed
 * @throws Error with a line for each store or folder that can't be used
 */
export function startLocal(options: LocalOptions): Promise<Local> {
  return startParts((onClose) => start(options, onClose));
}

async function start(
  {
    assembly,
    port = 0,
    apiKey = DEFAULT_API_KEY,
    storeUrls = {},
    dataDirectory,
    progress = () => undefined,
  }: LocalOptions,
  onClose: OnClose,
): Promise<Omit<Local, 'close'>> {
  const template = loadTemplate(assembly);
  const { outputs } = template;
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
  const { dynamo } = stores;
  const runtime = await startTemplateRuntime({
    template,
    port,
    apiKey,
    secretValues: storeAddresses(template, stores),
    routes,
    storesPath: STORES_PATH,
    ...(dynamo && { dynamoDbUrl: urlOf(dynamo.address) }),
    ...kept,
  });
  onClose(() => runtime.close());
  const url = runtime.urls[0] ?? '';
  const mode = outputs['Mode'] ?? '';
  const fate = fateOf(stores, dataDirectory);
  const curls = names.map((store) => {
    const rest = `${url}/${store}/votes -H "x-api-key: ${apiKey}"`;
    return { store, increment: `curl -X POST ${rest}`, read: `curl ${rest}` };
  });
  routes.push(homePage({ mode, curls, fate }), storesRoute(stores));
  prepare = async () => setupOutput(await runtime.completeStack());

  progress("Sending the stack's CREATE_COMPLETE, which starts the setup …");
  const setup = await prepare();
  return { url, port: runtime.port, apiKey, mode, stores, curls, fate, stepFunctions: runtime.stepFunctions, setup };
}

/**
 * @returns the output of the execution that a rule started; undefined where none did
 * @throws SetupError when it didn't succeed
 */
function setupOutput([execution]: readonly Execution[]): string | undefined {
  if (!execution) return undefined;
  const { status, error = '', cause = '', output } = execution;
  if (status !== 'SUCCEEDED') throw new SetupError(`The setup ended as ${status}: ${error} ${cause}`);
  return output?.text;
}

/** Each store's address, for the secret that its function reads: in place of the servers that AWS would create. */
function storeAddresses(
  { resources }: SynthesizedTemplate,
  stores: OpenStores,
): Map<string, Readonly<Record<string, unknown>>> {
  return new Map(
    resources.flatMap((resource) => {
      if (resource.type !== 'AWS::SecretsManager::Secret') return [];
      const name = markedStore(resource) as Exclude<StoreName, 'dynamo'> | undefined;
      const store = name === undefined ? undefined : stores[name];
      return name !== undefined && store ? [[resource.physicalId, secretValue(name, store.address)]] : [];
    }),
  );
}

/** The Momento caches that the functions use: on AWS they are created in Momento's console. */
function cacheNames({ resources }: SynthesizedTemplate): string[] {
  return resources.flatMap(({ properties }) => {
    const { Variables: variables } = (properties['Environment'] ?? {}) as { Variables?: Record<string, string> };
    return variables?.['MOMENTO_CACHE_NAME'] ?? [];
  });
}

/** Where a store answers that speaks HTTP. */
export function urlOf({ host, port }: Pick<StoreAddress, 'host' | 'port'>): string {
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

async function closeAll(stores: OpenStores): Promise<void> {
  await Promise.all(Object.values(stores).map((store) => store.close()));
}
