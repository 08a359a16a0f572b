import { createLogs } from '../../cloudwatch/logs';

describe('a log group', () => {
  it("keeps events in CloudWatch's shape, in the order of their arrival", () => {
    const logs = createLogs({ now: () => 1_700_000_000_500 });

    logs.put('group', 'stream', 'first', 1_700_000_000_000);
    logs.put('group', 'stream', 'second');

    expect(JSON.parse(JSON.stringify(logs.events('group')))).toEqual([
      {
        timestamp: 1_700_000_000_000,
        ingestionTime: 1_700_000_000_500,
        message: 'first',
        id: '00000000000000000001',
        logStreamName: 'stream',
      },
      {
        timestamp: 1_700_000_000_500,
        ingestionTime: 1_700_000_000_500,
        message: 'second',
        id: '00000000000000000002',
        logStreamName: 'stream',
      },
    ]);
  });

  it('prints a message when somebody reads it, and not before', () => {
    const logs = createLogs({ now: () => 1000 });
    const source = { print: jest.fn((number: number) => `message ${number}`) };

    logs.putLater('group', 'stream', source, 7, 'SomeType');
    logs.put('group', 'stream', 'message 8');
    const events = logs.events('group');

    expect(source.print).not.toHaveBeenCalled();
    expect(events.map(({ message }) => message)).toEqual(['message 7', 'message 8']);
    expect(JSON.parse(JSON.stringify(events[0]))).toEqual({
      timestamp: 1000,
      ingestionTime: 1000,
      message: 'message 7',
      id: '00000000000000000001',
      logStreamName: 'stream',
    });
  });

  it('gives the events before one of them, also once it has dropped some', () => {
    const logs = createLogs({ keep: 3 });
    for (const message of ['1', '2', '3', '4', '5']) logs.put('group', 'stream', message);
    const [, , latest] = logs.events('group');

    expect(logs.events('group', { before: latest?.id, limit: 1 }).map(({ message }) => message)).toEqual(['4']);
    expect(logs.events('group', { before: '00000000000000000001' })).toEqual([]);
  });

  it('drops the oldest events beyond what it keeps', () => {
    const logs = createLogs({ keep: 3 });

    for (const message of ['1', '2', '3', '4', '5']) logs.put('group', 'stream', message);

    expect(logs.events('group').map(({ message }) => message)).toEqual(['3', '4', '5']);
  });

  it('gives only the newest where asked for few', () => {
    const logs = createLogs({ keep: 4 });
    for (const message of ['1', '2', '3', '4', '5']) logs.put('group', 'stream', message);

    expect(logs.events('group', { limit: 2 }).map(({ message }) => message)).toEqual(['4', '5']);
    expect(logs.events('group', { limit: 0 })).toEqual([]);
  });

  it('is known once it has events', () => {
    const logs = createLogs();
    logs.subscribe('silent', () => undefined);

    logs.put('talking', 'stream', 'event');

    expect(logs.groups()).toEqual(['talking']);
    expect(logs.events('silent')).toEqual([]);
    expect(logs.events('nobody')).toEqual([]);
  });

  it('calls its listeners, and only them, until they leave', () => {
    const logs = createLogs();
    const heard: string[] = [];
    const leave = logs.subscribe('group', ({ message }, group) => heard.push(`${group}: ${message}`));

    logs.put('group', 'stream', '1');
    logs.put('other', 'stream', '2');
    leave();
    logs.put('group', 'stream', '3');

    expect(heard).toEqual(['group: 1']);
  });
});
