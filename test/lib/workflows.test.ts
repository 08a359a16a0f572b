import aslValidator from 'asl-validator';
import { type DefinedState, type Definition, type Retrier, stateMachines, synthesized } from './synthesized';

const DEPLOYMENTS = ['dynamo,redis,momento,docdb,tidb', 'dynamo', 'dynamo,tidb', 'dynamo DYNAMO_SHARDS=4'];
const TITLES = { dynamo: 'DynamoDB', redis: 'Redis', momento: 'Momento', docdb: 'DocumentDB', tidb: 'TiDB' };

/** Names of all states that a state may lead to. */
const successors = ({ Next, Default, Choices = [], Catch = [] }: DefinedState): string[] =>
  [Next, Default, ...Choices.map((rule) => rule.Next), ...Catch.map((rule) => rule.Next)].filter(
    (name) => name !== undefined,
  );

const tasks = ({ States }: Definition): [string, DefinedState][] =>
  Object.entries(States).filter(([, { Type }]) => Type === 'Task');

describe.each(DEPLOYMENTS)('the state machines of STORES=%s', (deployment) => {
  const [stores = '', ...others] = deployment.split(' ');
  const settings = Object.fromEntries(
    others.map((setting): [string, string] => [setting.split('=')[0] ?? '', setting.split('=')[1] ?? '']),
  );
  const machines = stateMachines(synthesized({ STORES: stores, ...settings }));
  const { increment } = machines;
  const titles = Object.entries(TITLES).flatMap(([store, title]) => (stores.split(',').includes(store) ? [title] : []));
  const absent = Object.values(TITLES).filter((title) => !titles.includes(title));

  it('are as reviewed', () => {
    expect(machines).toMatchSnapshot();
  });

  it('are valid Amazon States Language', () => {
    for (const definition of Object.values(machines)) {
      const { isValid, errors } = aslValidator(definition);

      expect(errors).toEqual([]);
      expect(isValid).toBe(true);
    }
  });

  it('fill every placeholder', () => {
    expect(JSON.stringify(machines)).not.toMatch(/\$\{/);
  });

  it.each(['increment', 'read'] as const)('have only states that something leads to: %s', (name) => {
    const { StartAt, States } = machines[name];
    const led = new Set([StartAt, ...Object.values(States).flatMap(successors)]);

    expect([...led].sort()).toEqual(Object.keys(States).sort());
  });

  it('know no store that is not deployed, except by its absence', () => {
    for (const { States } of [machines.increment, machines.read]) {
      const names = Object.keys(States).join('\n');

      for (const title of absent) expect(names).not.toContain(title);
      expect(JSON.stringify(States['Unknown store'])).toContain(stores.split(',').join(', '));
    }
  });

  it('end each store in four states of its own', () => {
    for (const title of titles) {
      for (const ending of [
        `Incremented in ${title}`,
        `Limit reached in ${title}`,
        `${title} unavailable`,
        `${title} outcome unknown`,
      ]) {
        expect(increment.States[ending]?.Type).toBe('Succeed');
      }
    }
  });

  it('catch everything else last, and as unknown unless its name or its cause proves that nothing was written', () => {
    for (const [name, { Catch: catches = [] }] of tasks(increment).filter(([task]) =>
      /^Increment (?:a shard )?in/.test(task),
    )) {
      const title = titles.find((candidate) => name.includes(candidate));
      const last = catches.at(-1);

      expect(last?.ErrorEquals).toEqual(['States.ALL']);
      expect(increment.States[last?.Next ?? '']).toMatchObject({ Type: 'Choice', Default: `${title} outcome unknown` });
    }
  });

  it('ask of each function in the same words whether it ran', () => {
    const conditions = Object.entries(increment.States).flatMap(([name, { Choices = [] }]) =>
      /^Did .* function run\?$/.test(name) ? Choices.map(({ Condition }) => Condition) : [],
    );

    const functions = titles.filter((title) => title !== 'DynamoDB').length;
    expect(conditions).toHaveLength(functions * 4);
    expect(new Set(conditions).size).toBe(functions === 0 ? 0 : 4);
  });

  it('repeat an unknown outcome only with a key, and only once', () => {
    const repeating = Object.values(increment.States).flatMap(({ Choices = [] }) =>
      Choices.flatMap((choice, index) => (choice.Assign?.['doubtful'] === true ? [{ Choices, choice, index }] : [])),
    );

    expect(repeating).toHaveLength(titles.length);
    for (const { Choices, choice } of repeating) {
      expect(choice.Condition).toBe('{% $exists($states.context.Execution.Input.key) %}');
      expect(Choices[0]).toMatchObject({ Condition: '{% $exists($doubtful) %}' });
      expect(Choices[0]?.Next).toMatch(/ outcome unknown$/);
    }
  });

  it('retry only errors that prove that nothing was written', () => {
    const retried = new Set(
      tasks(increment).flatMap(([, { Retry = [] }]) => Retry.flatMap((rule) => rule.ErrorEquals)),
    );
    const provenNotApplied = [
      'Lambda.EC2ThrottledException',
      'Lambda.Ec2ThrottledException',
      'Lambda.TooManyRequestsException',
      'NotAppliedError',
    ];

    expect([...retried].filter((error) => !provenNotApplied.includes(error))).toEqual([]);
  });

  it('leave time for two attempts with a key and the pause between them', () => {
    const keyed = tasks(increment).filter(([name]) => name.endsWith('with a key'));

    expect(keyed).toHaveLength(titles.length);
    for (const [, { TimeoutSeconds = NaN }] of keyed) {
      expect(2 * TimeoutSeconds + 1).toBeLessThan(increment.TimeoutSeconds);
    }
  });

  it('nest their timeouts: task below state machine', () => {
    for (const [, task] of tasks(increment)) expect(task.TimeoutSeconds).toBeLessThan(increment.TimeoutSeconds);
  });
});

describe('the increment state machine', () => {
  const { increment } = stateMachines(synthesized());

  it('is JSONata and begins with the choice that validates', () => {
    expect(increment).toMatchObject({ QueryLanguage: 'JSONata', StartAt: 'Which store?' });
  });

  it('adds one to an item of DynamoDB without a function in between, in both modes', () => {
    for (const name of ['Increment in DynamoDB', 'Increment in DynamoDB below the limit']) {
      expect(increment.States[name]).toMatchObject({
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem',
        Arguments: { UpdateExpression: 'ADD #c :one', ReturnValues: 'UPDATED_NEW' },
      });
    }
  });

  it('asks for the limit only in conditional mode', () => {
    const limitOf = (name: string): unknown =>
      (increment.States[name]?.Arguments as { ExpressionAttributeValues: Record<string, unknown> })
        .ExpressionAttributeValues[':max'];

    expect(limitOf('Increment in DynamoDB below the limit')).toEqual({ N: '{% $states.input.max %}' });
    expect(limitOf('Increment in DynamoDB')).toEqual({ N: '9007199254740991' });
  });
});

describe('the state machines of a deployment with shards', () => {
  const { increment, read } = stateMachines(synthesized({ DYNAMO_SHARDS: '4' }));
  const one = stateMachines(synthesized());
  const names = ({ States }: Definition): string[] => Object.keys(States);
  const only = (machine: Definition, other: Definition): string[] =>
    names(machine).filter((name) => !names(other).includes(name));

  it('increment a shard where the others increment the counter', () => {
    expect(only(increment, one.increment)).toEqual([
      'Increment a shard in DynamoDB',
      'Increment a shard in DynamoDB with a key',
      'Look at shards in DynamoDB',
      'What do the shards say?',
      'Pin the counter in DynamoDB',
      'Close the shard in DynamoDB',
      'Replayed in a shard',
    ]);
    expect(only(one.increment, increment).every((name) => name.includes('DynamoDB'))).toBe(true);
    expect(names(increment).filter((name) => /^(?:Increment|Read .*) in DynamoDB/.test(name))).toEqual([
      'Read all keys in DynamoDB',
    ]);
  });

  it('read all shards where the others read the counter', () => {
    expect(only(read, one.read)).toEqual([
      'Read shards in DynamoDB',
      'Are all shards read in DynamoDB?',
      'Pause before the rest is read',
    ]);
    expect(only(one.read, read)).toEqual(['Read in DynamoDB']);
    const { RequestItems: requests } = read.States['Read shards in DynamoDB']?.Arguments ?? {};
    expect(Object.values(requests as object)).toEqual([expect.objectContaining({ ConsistentRead: true })]);
  });
});

describe('the read state machine', () => {
  const { read } = stateMachines(synthesized());

  it('reads DynamoDB consistently, without a function in between', () => {
    expect(read.States['Read in DynamoDB']).toMatchObject({
      Resource: 'arn:aws:states:::aws-sdk:dynamodb:getItem',
      Arguments: { ConsistentRead: true },
    });
  });

  it('returns for each store whether a read is strongly consistent', () => {
    const consistency = tasks(read).map(([name, { Output }]) => [name, Output?.['consistency']]);

    expect(Object.fromEntries(consistency)).toEqual({
      'Read in DynamoDB': 'strong',
      'Read in Redis': 'eventual',
      'Read in Momento': 'strong',
      'Read in DocumentDB': 'strong',
      'Read in TiDB': 'strong',
    });
  });

  it('only reads', () => {
    for (const [, { Resource = '', Arguments }] of tasks(read)) {
      if (Resource.endsWith(':getItem')) continue;
      expect(Arguments).toMatchObject({ operation: 'read' });
    }
  });

  it('catches everything else as no answer, and last, inside its time', () => {
    for (const [, { Catch: catches = [], TimeoutSeconds }] of tasks(read)) {
      const last = catches.at(-1);
      const next = read.States[last?.Next ?? ''];

      expect(last?.ErrorEquals).toEqual(['States.ALL']);
      expect(next?.Default ?? last?.Next).toBe('No answer');
      expect(TimeoutSeconds).toBeLessThan(read.TimeoutSeconds);
    }
  });
});

describe('the setup state machine', () => {
  const setup = (stores: string): Definition | undefined => stateMachines(synthesized({ STORES: stores })).setup;
  const branches = (definition: Definition | undefined): string[] =>
    Object.values(definition?.States ?? {}).flatMap(({ Branches = [] }) => Branches.map(({ StartAt }) => StartAt));

  it('prepares DocumentDB and TiDB side by side', () => {
    expect(branches(setup('docdb,tidb'))).toEqual(['Create DocumentDB index', 'Create TiDB table']);
  });

  it('prepares only what is deployed', () => {
    expect(branches(setup('dynamo,tidb'))).toEqual(['Create TiDB table']);
  });

  it('waits for a cluster as long as it may run, and never for what only a person can change', () => {
    const definition = setup('docdb,tidb');
    const retriers = Object.values(definition?.States ?? {})
      .flatMap(({ Branches = [] }) => Branches)
      .flatMap(({ States }) => Object.entries(States))
      .map(([name, { Retry = [] }]) => [name, Retry] as const);
    const waitsSeconds = (rule: Required<Omit<Retrier, 'JitterStrategy'>>): number =>
      Array.from({ length: rule.MaxAttempts }, (_, attempt) =>
        Math.min(rule.IntervalSeconds * rule.BackoffRate ** attempt, rule.MaxDelaySeconds),
      ).reduce((sum, seconds) => sum + seconds, 0);

    for (const [, [first]] of retriers) {
      expect(first).toMatchObject({ ErrorEquals: ['SetupRefusedError'], MaxAttempts: 0 });
    }
    const [docdb, tidb] = retriers.map(([, rules]) =>
      waitsSeconds(rules[1] as Required<Omit<Retrier, 'JitterStrategy'>>),
    );
    // DocumentDB alone may still be in the making; every attempt adds its own time to the waits.
    expect(docdb).toBeGreaterThan(definition?.TimeoutSeconds ?? Infinity);
    expect(tidb).toBe(122);
  });

  it('vanishes with its last user', () => {
    expect(setup('dynamo,redis,momento')).toBeUndefined();
  });
});
