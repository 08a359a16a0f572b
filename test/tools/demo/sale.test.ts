import { saleTable, sellOut, SEATS } from '../../../tools/demo/sale-on-stores';
import { MISTAKES, openTicketOffice, type TicketOffice } from './ticket-office';

let office: TicketOffice | undefined;
afterEach(() => office?.close());

describe('the sale of the demo, over a network that loses, cuts and doubles', () => {
  it.each([
    [4, 'redis', undefined],
    [1, 'dynamo × 8', 8],
  ])('finds a correct API exact, where a call takes up to %d seats of %s', async (mostAtOnce, name, shards) => {
    office = await openTicketOffice();

    const { cells, differences } = await sellOut(office, {
      store: name.split(' ')[0] ?? '',
      ...(shards && { shards }),
    });

    expect(differences).toEqual([]);
    const [row, sold, callers, calls, requests, refused, replayed, , faults, verdict] = cells;
    expect([row, sold, callers, verdict]).toEqual([name, String(SEATS), '64', 'exact']);
    expect(Number(calls)).toBeGreaterThan(SEATS / mostAtOnce);
    expect(Number(requests)).toBeGreaterThan(Number(calls));
    expect(Number(refused)).toBeGreaterThanOrEqual(64); // each caller learns that it is over
    expect(Number(replayed)).toBeGreaterThan(0);
    expect(faults).toMatch(/^\d+ requests cut, \d+ answers lost, \d+ answers cut, \d+ sent twice$/);
  });

  it.each(MISTAKES)('finds an API that %s', async (mistake) => {
    office = await openTicketOffice(mistake);

    const sale = await sellOut(office, { store: 'redis' });

    expect(sale.differences).not.toEqual([]);
    expect(saleTable([sale])).toMatch(/NOT EXACT\nredis: /);
  });

  it('fails where a call is refused as invalid', async () => {
    office = await openTicketOffice();

    await expect(sellOut({ ...office, stores: {} }, { store: '..' })).rejects.toThrow(
      /^caller 0 was refused: Not to be sent in a URL/,
    );
  });
});
