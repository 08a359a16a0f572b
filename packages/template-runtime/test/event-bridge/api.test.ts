import { type BusEvent, handleEventsCall } from '../../event-bridge';

const LOCATION = { region: 'us-east-1', account: '000000000000' };
const ORDER = { Source: 'shop', DetailType: 'Order', Detail: '{"id":1}' };

async function called(action: string, body: unknown) {
  const events: BusEvent[] = [];
  const bus = {
    putEvent: (event: BusEvent) => {
      events.push(event);
      return Promise.resolve();
    },
  };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await handleEventsCall(bus, LOCATION, action, text);
  return { events, status: answer.status, body: JSON.parse(answer.body) as Record<string, unknown> };
}

describe('PutEvents', () => {
  it('puts each entry on the bus as an event of the account', async () => {
    const { events, body } = await called('PutEvents', {
      Entries: [{ ...ORDER, Resources: ['a'], Time: 1_700_000_000 }],
    });

    expect(events).toEqual([
      {
        version: '0',
        id: expect.any(String) as unknown,
        'detail-type': 'Order',
        source: 'shop',
        account: '000000000000',
        time: '2023-11-14T22:13:20Z',
        region: 'us-east-1',
        resources: ['a'],
        detail: { id: 1 },
      },
    ]);
    expect(body).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: events[0]?.id }] });
  });

  it('refuses an entry without the others', async () => {
    const { events, body } = await called('PutEvents', {
      Entries: [
        ORDER,
        { ...ORDER, Detail: '[1' },
        { Source: 'shop', Detail: '{}' },
        { ...ORDER, EventBusName: 'orders' },
      ],
    });

    expect(events).toHaveLength(1);
    expect(body).toMatchObject({
      FailedEntryCount: 3,
      Entries: [
        { EventId: events[0]?.id },
        { ErrorCode: 'MalformedDetail' },
        { ErrorCode: 'InvalidArgument', ErrorMessage: expect.stringContaining('DetailType') as unknown },
        { ErrorCode: 'InvalidArgument' },
      ],
    });
  });

  it.each([
    ['another action', 'PutRule', { Name: 'r' }, 'UnknownOperationException'],
    ['what is no JSON', 'PutEvents', '{', 'ValidationException'],
    ['no entries', 'PutEvents', {}, 'ValidationException'],
  ])('refuses %s', async (_, action, body, type) => {
    await expect(called(action, body)).resolves.toMatchObject({ status: 400, body: { __type: type }, events: [] });
  });
});
