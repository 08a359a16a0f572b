import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Generator, startGenerator } from '../../../../compare/load';
import { type ShardCell, type ShardSummary, summarizeShards } from '../../../../compare/report';
import { synthesize } from '../../../../local/synthesize';
import { itemLimitFor, measureShards, startLimitedDynamoThread } from '../../../../tools/compare/shards/measure';
import { shardComparisonOf } from '../../../compare/report/shards/fixture';

const ITEM_LIMIT = 20;

describe('measuring shards', () => {
  let generator: Generator;
  beforeAll(async () => {
    generator = await startGenerator();
  });
  afterAll(() => generator.close());

  const assemblyWith = (shards: number, name: string): Promise<string> =>
    synthesize({
      outputFolder: path.join('cdk.out.test', `shards-${name}-${process.pid}`),
      settings: { STORES: 'dynamo', USE_CONDITIONAL_WRITES: 'true', DYNAMO_SHARDS: String(shards) },
    });

  async function measure(shards: number, assembly: string, appliedLimit?: number): Promise<ShardCell[]> {
    const store = await startLimitedDynamoThread(assembly, appliedLimit);
    try {
      return await measureShards([shards], {
        generator,
        assemblyOf: () => assembly,
        dynamoDbUrl: store.url,
        itemLimit: ITEM_LIMIT,
        rounds: 1,
        durationMs: 3000,
        warmUpMs: 2000,
        onProgress: () => undefined,
        signal: new AbortController().signal,
      });
    } finally {
      await store.close();
    }
  }
  const summaryOf = (cells: readonly ShardCell[]): ShardSummary | undefined =>
    summarizeShards(shardComparisonOf(cells, { itemLimitPerSecond: ITEM_LIMIT }))[0];

  it('shows a limit that isn’t applied', async () => {
    const cells = await measure(1, await assemblyWith(1, 'unlimited'));

    expect(summaryOf(cells)).toMatchObject({ isWithinLimit: false, exactness: 'exact' });
  }, 120_000);

  it('shows a machine that counts twice, by the total that it reads', async () => {
    const assembly = await assemblyWith(2, 'twice');
    changeTemplates(assembly, String.raw`\":one\":{\"N\":\"1\"}`, String.raw`\":one\":{\"N\":\"2\"}`);

    const cells = await measure(2, assembly, ITEM_LIMIT);

    expect(summaryOf(cells)).toMatchObject({ exactness: 'not exact' });
    expect(cells[0]?.rounds[0]?.steady.verdict.broken).toHaveProperty('read');
  }, 180_000);
});

/** @throws Error where the text isn't there */
function changeTemplates(assembly: string, from: string, to: string): void {
  const file = path.join(assembly, 'AtomicCounter.template.json');
  const template = readFileSync(file, 'utf8');
  if (!template.includes(from)) throw new Error(`${file} has no "${from}"`);
  writeFileSync(file, template.replaceAll(from, to));
}

describe('the limit of an item', () => {
  it('is the largest round number that leaves half of the machine unused', () => {
    expect([itemLimitFor(64, 2500), itemLimitFor(16, 2500), itemLimitFor(1, 2500)]).toEqual([5, 20, 500]);
  });

  it('is never so small that the writes which make a shard starve', () => {
    expect(itemLimitFor(256, 100)).toBe(2);
  });

  it('isn’t above that of DynamoDB', () => {
    expect(itemLimitFor(1, 100_000)).toBe(1000);
  });
});
