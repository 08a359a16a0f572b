import { callCosts, type CallKind, totalOf } from '../../compare/cost/cost';
import { measureCalls } from '../../compare/cost/measure-calls';
import { readPrices } from '../../compare/cost/prices';
import type { Mode, StoreCost } from '../../compare/report';
import { startLocal } from '../../local/main';
import { loadTemplate } from 'template-runtime/cloudformation';

/**
 * What a million increments cost on AWS, from what calls are measured to need on the embedded stores; without a limit
 * also with idempotency keys, as cells are measured.
 *
 * @param assembly the folder of the cloud assembly, synthesized in the mode
 */
export async function measureCosts(assembly: string, mode: Mode, stores: readonly string[]): Promise<StoreCost[]> {
  const { prices } = readPrices();
  const { resources } = loadTemplate(assembly);
  const local = await startLocal({ assembly });
  try {
    const costsOf = async (kind: CallKind): Promise<StoreCost[]> =>
      (await measureCalls(local, resources, stores, kind)).map((call) => ({
        store: call.store,
        mode,
        ...(kind === 'keyed' && { keyed: true }),
        usdPerMillion: totalOf(callCosts(resources, call, prices)),
      }));
    return [...(await costsOf(mode)), ...(mode === 'unconditional' ? await costsOf('keyed') : [])];
  } finally {
    await local.close();
  }
}
