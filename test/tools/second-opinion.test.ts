import type { Emulator } from '../../tools/second-opinion/emulators';
import { EMULATORS } from '../../tools/second-opinion/emulators';
import { agrees, markdown, type Opinion } from '../../tools/second-opinion/report';
import { install } from '../../tools/second-opinion/virtual-environment';

const opinion = (parts: Partial<Opinion> = {}): Opinion => ({
  emulator: 'other',
  version: '1.2.3',
  settings: 'STORES=dynamo',
  deployment: {
    status: 'CREATE_COMPLETE',
    resources: [
      { logicalId: 'A', type: 'AWS::Logs::MetricFilter', status: 'CREATE_COMPLETE', reason: 'passed over' },
      { logicalId: 'B', type: 'AWS::Logs::MetricFilter', status: 'CREATE_COMPLETE', reason: 'passed over' },
      { logicalId: 'C', type: 'AWS::DynamoDB::Table', status: 'CREATE_COMPLETE', reason: '' },
    ],
  },
  checks: [
    { what: 'POST /dynamo/x', expected: '200, counter 1', actual: '200, counter 1' },
    { what: 'POST /dynamo/x', expected: '200, counter 2', actual: '504, a | b' },
  ],
  ...parts,
});

describe('the report of a second opinion', () => {
  it('counts as made only what the emulator did not pass over', () => {
    const report = markdown([opinion()], '2026-01-31');

    expect(report).toContain('Asked on 2026-01-31.');
    expect(report).toContain(
      '- **other 1.2.3, `STORES=dynamo`**: CREATE_COMPLETE; resources created: 1 of 3; ' +
        'checks that match the contract: 1 of 2; `POST /dynamo/x`: 200, counter 1\n',
    );
    expect(report).toContain('- 2 × `AWS::Logs::MetricFilter`: CREATE_COMPLETE, passed over');
  });

  it('marks what differs from the contract, in the words of the emulator', () => {
    const report = markdown([opinion()], '2026-01-31');

    expect(report).toContain('- `POST /dynamo/x`: 200, counter 2 by the contract, but **504, a | b**');
  });

  it('explains why nothing was deployed when there is no stack', () => {
    const deployment = { status: 'Unrecognized resource types: [AWS::Logs::Transformer]', resources: [] };

    const report = markdown([opinion({ deployment, checks: [] })], '2026-01-31');

    expect(report).toContain('Not deployed: Unrecognized resource types: [AWS::Logs::Transformer]');
  });

  it('takes no answer for agreement but the very one of the contract', () => {
    expect(agrees({ what: '', expected: '200, counter 1', actual: '200, counter 1' })).toBe(true);
    expect(agrees({ what: '', expected: '200, counter 1', actual: '200, counter 11' })).toBe(false);
  });
});

describe('an emulator', () => {
  it.each(EMULATORS.map((emulator) => [emulator.name, emulator] as const))('%s listens on loopback', (_, emulator) => {
    const { args, env } = emulator.command({ port: 4567, folder: '/nowhere' });

    const text = [...args, ...Object.values(env)].join(' ');
    expect(text).toContain('127.0.0.1');
    expect(text).toContain('4567');
  });

  it('whose Python is missing is refused in one line that names it', async () => {
    const emulator: Emulator = { ...(EMULATORS[0] as Emulator), name: 'other', python: 99 };

    const refused = install(emulator, '/nowhere', new AbortController().signal);

    await expect(refused).rejects.toThrow(
      'other needs Python 3.99 or newer with venv: install it, or set PYTHON=/path/to/python3.99',
    );
  });
});
