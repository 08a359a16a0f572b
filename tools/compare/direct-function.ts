import { loadTemplate } from 'template-runtime/cloudformation';
import { loadHandler } from 'template-runtime/lambda';
import { functionOf } from '../../compare/cost/cost';
import type { IncrementResult } from '../../compare/exactness';

export interface DirectOptions {
  /** The folder of the cloud assembly. */
  readonly assembly: string;
  readonly store: string;
  /** Base URL of the AWS services of the system whose store is used. */
  readonly endpoint: string;
  /** Decimal digits. @default - increments are unconditional */
  readonly max?: string;
}

type Increment = (
  event: object,
  context: object,
) => Promise<{ readonly outcome: 'incremented' | 'limit-reached'; readonly counter?: number }>;

/** The module of a generator's `direct` target: the store's function, loaded as Lambda does and called by itself. */
export async function open({ assembly, store, endpoint, max }: DirectOptions): Promise<{
  increment: (id: string) => Promise<IncrementResult>;
  close: () => Promise<void>;
}> {
  const template = loadTemplate(assembly);
  const resource = functionOf(template.resources, store);
  if (!resource) throw new Error(`no function of the template is the one of ${store}`);
  const { Environment, Handler } = resource.properties as {
    Environment?: { Variables?: Record<string, string> };
    Handler: string;
  };
  Object.assign(process.env, Environment?.Variables, {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: template.location.region,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
  });
  const handler = (await loadHandler(template.codeDirectory(resource), Handler)) as unknown as Increment;

  let calls = 0;
  return {
    increment: async (id) => {
      calls += 1;
      try {
        const { outcome, counter } = await handler(
          { operation: 'increment', id, ...(max !== undefined && { max }) },
          { awsRequestId: String(calls) },
        );
        return { status: outcome, counter } as IncrementResult;
      } catch (error) {
        const { name: failure } = error as Error;
        return {
          status: failure === 'NotAppliedError' || failure === 'StoreUnavailableError' ? 'not-applied' : 'unknown',
        };
      }
    },
    close: () => Promise.resolve(),
  };
}
