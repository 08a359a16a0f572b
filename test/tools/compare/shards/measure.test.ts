import { type Generator, startGenerator } from '../../../../compare/load';
import { type ShardCell, type ShardSummary, summarizeShards } from '../../../../compare/report';
import { itemLimitFor, measureShards, startLimitedDynamoThread } from '../../../../tools/compare/shards/measure';
import { editedAssembly, sharedAssembly } from '../../../local/assembly';
import { shardComparisonOf } from '../../../compare/report/shards/fixture';

const ITEM_LIMIT = 20;

describe('measuring shards', () => {
  let generator: Generator;
  beforeAll(async () => {
    generator = await startGenerator();
  });
  afterAll(() => generator.close());

  const assemblyWith = (shards: number): Promise<string> =>
    sharedAssembly({ STORES: 'dynamo', USE_CONDITIONAL_WRITES: 'true', DYNAMO_SHARDS: String(shards) });

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
    const cells = await measure(1, await assemblyWith(1));

    expect(summaryOf(cells)).toMatchObject({ isWithinLimit: false, exactness: 'exact' });
  }, 120_000);

  it('shows a machine that counts twice, by the total that it reads', async () => {
    const counted = String.raw`\":one\":{\"N\":\"1\"}`;
    const { folder, remove } = editedAssembly(await assemblyWith(2), (template) => {
      const text = JSON.stringify(template);
      expect(text).toContain(counted);
      Object.assign(template, JSON.parse(text.replaceAll(counted, counted.replace('1', '2'))));
    });

    const cells = await measure(2, folder, ITEM_LIMIT);
    remove();

    expect(summaryOf(cells)).toMatchObject({ exactness: 'not exact' });
    expect(cells[0]?.rounds[0]?.steady.verdict.broken).toHaveProperty('read');
  }, 180_000);
});

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
