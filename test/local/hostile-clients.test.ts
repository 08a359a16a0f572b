import { EMBEDDED_STORES, type StoreName } from '../../local/store-modules';
import { startStoreThread } from 'template-runtime/worker';
import { attack, record } from './hostile-clients';
import { connectTo } from './counting-clients';

const COUNTER = Buffer.from('votes');
const BAIT = Buffer.from('bait!');

/** What a client that counts says, on another counter. */
async function conversations(store: StoreName, port: number): Promise<Buffer[]> {
  const recording = await record(port);
  const client = await connectTo[store](recording.port);
  await client.increment();
  await client.read();
  await client.close();
  recording.close();
  return recording.said.map((said) => {
    for (let at = said.indexOf(COUNTER); at >= 0; at = said.indexOf(COUNTER, at)) BAIT.copy(said, at);
    return said;
  });
}

describe.each(Object.keys(EMBEDDED_STORES) as StoreName[])('the embedded %s, sent what no client should', (store) => {
  it('goes on for a client that counts at the same time, and misses nothing', async () => {
    const failures: Error[] = [];
    const thread = await startStoreThread(EMBEDDED_STORES[store], { onFailure: (error) => failures.push(error) });
    const said = await conversations(store, thread.port);
    const client = await connectTo[store](thread.port);
    const values: number[] = [];
    let isOver = false;
    const counting = (async () => {
      while (!isOver || values.length < 20) values.push(await client.increment());
    })();

    await attack(thread.port, { said }).finally(() => (isOver = true));
    await counting;
    const newcomer = await connectTo[store](thread.port);
    values.push(await newcomer.increment());

    expect(failures).toEqual([]);
    expect(values).toEqual(values.map((_, index) => index + 2)); // the first was counted while it was recorded
    expect(await newcomer.read()).toBe(values.length + 1);
    await Promise.all([client.close(), newcomer.close()]);
    await thread.close();
  }, 120_000);
});
