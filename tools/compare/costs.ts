import { callCosts, totalOf } from '../../compare/cost/cost';
import { measureCalls } from '../../compare/cost/measure-calls';
import { readPrices } from '../../compare/cost/prices';
import type { Mode, StoreCost } from '../../compare/report';
import { startLocal } from '../../local/main';
import { loadTemplate } from 'template-runtime/cloudformation';

/**
 * What a million increments cost on AWS, from what calls are measured to need on the embedded stores.
 *
 * @param assembly the folder of the cloud assembly, synthesized in the mode
 * @param kinds the mode, and `keyed` where cells with keys are measured
 */
export async function measureCosts(
  assembly: string,
  mode: Mode,
  stores: readonly string[],
  kinds: readonly (Mode | 'keyed')[],
): Promise<StoreCost[]> {
  const { prices } = readPrices();
  const { resources } = loadTemplate(assembly);
  const local = await startLocal({ assembly });
  try {
    const costs: StoreCost[] = [];
    for (const kind of kinds) {
      for (const call of await measureCalls(local, resources, stores, kind)) {
        const usdPerMillion = totalOf(callCosts(resources, call, prices));
        costs.push({ store: call.store, mode, ...(kind === 'keyed' && { keyed: true }), usdPerMillion });
      }
    }
    return costs;
  } finally {
    await local.close();
  }
}
