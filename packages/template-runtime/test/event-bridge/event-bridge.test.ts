import { type EventBridge, type EventBridgeOptions, stackStatusEvent, startEventBridge } from '../../event-bridge';
import type { TemplateResource } from '../../cloudformation/resource';

const STACK_ID = 'arn:aws:cloudformation:us-east-1:000000000000:stack/AtomicCounter/1';
const TARGET = 'arn:aws:states:us-east-1:000000000000:stateMachine:setup';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:dead-letters';

const created = stackStatusEvent({
  stackId: STACK_ID,
  status: 'CREATE_COMPLETE',
  region: 'us-east-1',
  account: '000000000000',
  time: new Date('2026-11-24T10:11:12.345Z'),
});

function rule(properties: Record<string, unknown> = {}, target: Record<string, unknown> = {}): TemplateResource {
  return {
    logicalId: 'OnCreate',
    type: 'AWS::Events::Rule',
    physicalId: 'on-create',
    attributes: { Arn: 'arn:aws:events:us-east-1:000000000000:rule/on-create' },
    properties: {
      EventPattern: {
        source: ['aws.cloudformation'],
        'detail-type': ['CloudFormation Stack Status Change'],
        detail: { 'stack-id': [STACK_ID], 'status-details': { status: ['CREATE_COMPLETE'] } },
      },
      State: 'ENABLED',
      Targets: [{ Id: 'Target0', Arn: TARGET, RoleArn: 'role', ...target }],
      ...properties,
    },
    metadata: {},
  };
}

interface TestBus extends EventBridge {
  readonly delivered: [string, unknown][];
}

function start(resources: TemplateResource[], options: Partial<EventBridgeOptions> = {}): TestBus {
  const delivered: [string, unknown][] = [];
  const bus = startEventBridge({
    resources,
    deliver: (arn, input) => {
      delivered.push([arn, JSON.parse(input)]);
      return Promise.resolve();
    },
    ...options,
  });
  return { ...bus, delivered };
}

describe('the event of a stack', () => {
  it('has the documented fields', () => {
    expect(created).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      'detail-type': 'CloudFormation Stack Status Change',
      source: 'aws.cloudformation',
      account: '000000000000',
      time: '2026-11-24T10:11:12Z',
      region: 'us-east-1',
      resources: [STACK_ID],
      detail: {
        'stack-id': STACK_ID,
        'status-details': { status: 'CREATE_COMPLETE', 'status-reason': '' },
        'client-request-token': expect.any(String) as string,
      },
    });
  });
});

describe('a rule', () => {
  it('passes the events that it matches to its targets, and reports it', async () => {
    const bus = start([rule()]);

    const attempts = await bus.putEvent(created);
    const others = await bus.putEvent({ ...created, source: 'aws.ec2' });

    expect(bus.delivered).toEqual([[TARGET, created]]);
    expect(attempts).toEqual([
      { ruleArn: 'arn:aws:events:us-east-1:000000000000:rule/on-create', targetArn: TARGET, isDelivered: true },
    ]);
    expect(others).toEqual([]);
  });

  it('is refused with a target that nothing here can reach', () => {
    expect(() => start([rule()], { isTarget: (arn) => arn !== TARGET })).toThrow(
      'OnCreate (AWS::Events::Rule) Targets[0].Arn: must be a state machine of the template',
    );
  });

  it('that is disabled hands on nothing', async () => {
    const bus = start([rule({ State: 'DISABLED' })]);

    expect(await bus.putEvent(created)).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ['a constant', { Input: '{"constant":true}' }, { constant: true }],
    ['a part of the event', { InputPath: '$.detail.status-details' }, created.detail['status-details']],
    ['an element of a list', { InputPath: '$.resources[0]' }, STACK_ID],
    [
      'a template',
      {
        InputTransformer: {
          InputPathsMap: { status: '$.detail.status-details.status', details: '$.detail.status-details' },
          InputTemplate:
            '{"status":<status>,"text":"is \\"<status>\\"","all":<details>,"rule":"<aws.events.rule-name>","missing":"<none>"}',
        },
      },
      {
        status: 'CREATE_COMPLETE',
        text: 'is "CREATE_COMPLETE"',
        all: created.detail['status-details'],
        rule: 'on-create',
        missing: '',
      },
    ],
    [
      'a text',
      {
        InputTransformer: {
          InputPathsMap: { status: '$.detail.status-details.status' },
          InputTemplate: '"now <status>"',
        },
      },
      'now CREATE_COMPLETE',
    ],
    [
      'the whole event',
      { InputTransformer: { InputTemplate: '{"event":<aws.events.event.json>}' } },
      { event: created },
    ],
  ])('can hand on %s', async (_, target, expected) => {
    const transformer = target['InputTransformer'] as { InputPathsMap?: Record<string, string> } | undefined;
    if (transformer) transformer.InputPathsMap = { none: '$.detail.none', ...transformer.InputPathsMap };
    const bus = start([rule({}, target)]);

    await bus.putEvent(created);

    expect(bus.delivered).toEqual([[TARGET, expected]]);
  });
});

describe('a delivery that fails', () => {
  /** A target that fails so many times, with a clock and timers that jump. */
  function failing(times: number): Pick<EventBridgeOptions, 'deliver' | 'clock' | 'random'> & {
    pauses: number[];
    attempts: () => number;
    /** Fires the pending timer, and waits until its attempt has ended. */
    elapse(): Promise<void>;
  } {
    let now = 0;
    let attempts = 0;
    let pending: (() => void) | undefined;
    const pauses: number[] = [];
    return {
      pauses,
      attempts: () => attempts,
      random: () => 1,
      clock: {
        now: () => now,
        after(delayMs, callback) {
          pauses.push(delayMs);
          pending = () => {
            now += delayMs;
            callback();
          };
          return () => (pending = undefined);
        },
      },
      deliver() {
        attempts += 1;
        return attempts > times ? Promise.resolve() : Promise.reject(new RangeError(`failure ${attempts}`));
      },
      async elapse() {
        const fire = pending;
        pending = undefined;
        fire?.();
        await new Promise(setImmediate);
      },
    };
  }

  it('is tried again after growing pauses', async () => {
    const target = failing(3);
    const bus = start([rule()], target);

    const [first] = await bus.putEvent(created);
    for (let retry = 0; retry < 5; retry += 1) await target.elapse();

    expect(first?.isDelivered).toBe(false);
    expect(target.pauses).toEqual([1000, 2000, 4000]);
    expect(target.attempts()).toBe(4);
    expect(bus.deadLetters()).toEqual([]);
  });

  it('is a dead letter once the retries are used up', async () => {
    const target = failing(Infinity);
    const policy = { RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: QUEUE } };
    const bus = start([rule({}, policy)], target);

    await bus.putEvent(created);
    for (let retry = 0; retry < 5; retry += 1) await target.elapse();

    expect(target.attempts()).toBe(3);
    expect(bus.deadLetters()).toEqual([
      {
        queueArn: QUEUE,
        ruleArn: 'arn:aws:events:us-east-1:000000000000:rule/on-create',
        targetArn: TARGET,
        event: created,
        errorCode: 'RangeError',
        errorMessage: 'failure 3',
        retryAttempts: 2,
        exhaustedRetryCondition: 'MaximumRetryAttempts',
      },
    ]);
  });

  it('is a dead letter once the event is too old', async () => {
    const target = failing(Infinity);
    const bus = start([rule({}, { RetryPolicy: { MaximumEventAgeInSeconds: 60 } })], target);

    await bus.putEvent(created);
    for (let retry = 0; retry < 10; retry += 1) await target.elapse();

    expect(target.pauses).toEqual([1000, 2000, 4000, 8000, 16000]);
    expect(bus.deadLetters()).toMatchObject([
      { queueArn: undefined, exhaustedRetryCondition: 'MaximumEventAgeInSeconds', retryAttempts: 5 },
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a path that the event lacks', { InputPath: '$.detail.none' }, 'InputPath $.detail.none is not in the event'],
    [
      'a template that gives no JSON',
      { InputTransformer: { InputTemplate: '{"a":}' } },
      'The input template gives no JSON: {"a":}',
    ],
  ])('by %s is a dead letter at once', async (_, target, message) => {
    const bus = start([rule({}, target)]);

    await bus.putEvent(created);

    expect(bus.delivered).toEqual([]);
    expect(bus.deadLetters()).toMatchObject([{ errorMessage: message, retryAttempts: 0 }]);
    expect(bus.deadLetters()[0]?.exhaustedRetryCondition).toBeUndefined();
  });

  it('is not tried again after close', async () => {
    const target = failing(Infinity);
    const bus = start([rule()], target);
    await bus.putEvent(created);

    bus.close();
    await target.elapse();

    expect(target.attempts()).toBe(1);
    await expect(bus.putEvent(created)).rejects.toThrow('was closed');
  });
});

describe('a rule that can not be emulated ends the start', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['ScheduleExpression: is not emulated', { ScheduleExpression: 'rate(1 minute)' }, {}],
    ['EventBusName: only the default event bus', { EventBusName: 'other' }, {}],
    ['State: must be ENABLED or DISABLED', { State: 'PAUSED' }, {}],
    [
      'EventPattern: Event pattern is not valid. Reason: Unrecognized match type contains (source)',
      { EventPattern: { source: [{ contains: 'x' }] } },
      {},
    ],
    ['EventPattern: Event pattern is not valid. Reason: Filter is not an object', { EventPattern: undefined }, {}],
    ['Targets[0].EcsParameters: is not emulated', {}, { EcsParameters: {} }],
    ['Targets[0].RetryPolicy.MaximumRetryAttempts: must be', {}, { RetryPolicy: { MaximumRetryAttempts: 186 } }],
    ['Targets[0].RetryPolicy.MaximumEventAgeInSeconds: must be', {}, { RetryPolicy: { MaximumEventAgeInSeconds: 59 } }],
    ['Targets[0].InputPath: "$.a[*]" is no path', {}, { InputPath: '$.a[*]' }],
    ['Targets[0].InputTransformer: <a> is no variable', {}, { InputTransformer: { InputTemplate: '<a>' } }],
    ['Targets[0].Input: stands beside', {}, { Input: '{}', InputPath: '$' }],
  ])('%s', (message, properties, target) => {
    expect(() => start([rule(properties, target)])).toThrow(`OnCreate (AWS::Events::Rule) ${message}`);
  });
});
