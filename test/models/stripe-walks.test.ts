import { startDynamo } from 'template-runtime/dynamodb';
import { describeOnRealServer } from '../real-server';
import { openShardedDynamo, type ShardedDynamo } from '../state-machines/sharded-dynamo';
import { makeStripeWalk, takeStripeWalk } from './stripe-walks';

jest.setTimeout(120_000);

/** Each follows up to some ten thousand states; of the others some follow many more. */
const SEEDS = [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13];

function describeStripeWalks(
  name: string,
  start: () => Promise<{ endpoint: string; close?: () => Promise<void> }>,
): void {
  describe(`a striped counter in ${name}`, () => {
    let dynamo: ShardedDynamo;
    let closeServer: (() => Promise<void>) | undefined;

    beforeAll(async () => {
      const server = await start();
      closeServer = server.close;
      dynamo = await openShardedDynamo(server.endpoint);
    });
    afterAll(async () => {
      await dynamo?.close();
      await closeServer?.();
    });

    it('does only what its protocol allows, whatever it meets', async () => {
      const met = new Set<string>();

      for (const seed of SEEDS) {
        for (const one of await takeStripeWalk(makeStripeWalk(seed), dynamo)) met.add(one);
      }

      expect([...met]).toEqual(
        expect.arrayContaining(['incremented', 'limit-reached', 'no-room', 'replayed', 'unknown']),
      );
    });
  });
}

describeStripeWalks('the embedded DynamoDB', async () => {
  const server = await startDynamo();
  return { endpoint: `http://127.0.0.1:${server.port}`, close: () => server.close() };
});

describeOnRealServer('DYNAMODB_URL', ({ host, port }) => {
  describeStripeWalks('the server of DYNAMODB_URL', () => Promise.resolve({ endpoint: `http://${host}:${port}` }));
});
