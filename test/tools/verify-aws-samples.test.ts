import { resolveTemplate, stackLocation, type RawTemplate } from 'template-runtime/cloudformation';
import { stateMachinesFromTemplate } from 'template-runtime/step-functions';
import { startLaptop } from '../../tools/verify-aws/laptop';
import { type Definition, inputsOf, placesIn } from '../../tools/verify-aws/state-inputs';
import { synthesized } from '../lib/synthesized';

const DEPLOYMENTS: Record<string, string>[] = [{}, { STORES: 'dynamo', DYNAMO_SHARDS: '4' }];

describe.each(DEPLOYMENTS)('the samples for a deployment of %j', (settings) => {
  it('reach every rule of every choice', async () => {
    const template = synthesized(settings).toJSON() as RawTemplate;
    const { resources } = resolveTemplate(template, stackLocation('AtomicCounter'));
    const machines = stateMachinesFromTemplate(resources);
    const laptop = startLaptop({ region: 'us-east-1', account: '000000000000', stateMachines: [] });

    const missed: string[] = [];
    for (const { definition } of machines) {
      for (const place of placesIn(JSON.parse(definition) as Definition)) {
        for (const { rule, input } of await inputsOf(place, laptop)) {
          if (rule !== undefined && input === undefined) missed.push(`${place.stateName}: ${rule}`);
        }
      }
    }
    await laptop.close();

    expect(missed).toEqual([]);
  }, 120_000);
});
