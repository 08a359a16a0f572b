import { saleTable, sellOut, SEATS } from '../../../tools/demo/sale-on-stores';
import { MISTAKES, openTicketOffice, type TicketOffice } from './ticket-office';

let office: TicketOffice | undefined;
afterEach(() => office?.close());

describe('the sale of the demo, over a network that loses, cuts and doubles', () => {
  it.each([1, 4])('finds a correct API exact, where a call takes up to %d seats', async (mostAtOnce) => {
    office = await openTicketOffice();

    const { cells, differences } = await sellOut(office, { store: 'redis', mostAtOnce });

    expect(differences).toEqual([]);
    const [store, sold, callers, calls, requests, refused, replayed, , faults, verdict] = cells;
    expect([store, sold, callers, verdict]).toEqual(['redis', String(SEATS), '64', 'exact']);
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
