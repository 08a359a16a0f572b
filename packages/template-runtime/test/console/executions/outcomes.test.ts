import { outcomeKind } from '../../../console/executions/outcomes';
import type { Execution } from '../../../step-functions';

const INCREMENT = { store: 'redis', id: 'votes', useConditionalWrites: false };
const READ = { store: 'redis', id: 'votes' };
const kindOf = (status: Execution['status'], input: unknown, output?: unknown): string =>
  outcomeKind({
    status,
    input: { value: input, text: JSON.stringify(input) },
    ...(output !== undefined && { output: { value: output, text: JSON.stringify(output) } }),
  } as Execution);

it.each([
  ['incremented', 'done'],
  ['replayed', 'done'],
  ['read', 'done'],
  ['limit-reached', 'refused'],
  ['invalid-request', 'invalid'],
  ['unknown-store', 'invalid'],
  ['unavailable', 'not-done'],
  ['no-room', 'not-done'],
  ['late', 'not-done'],
  ['no-answer', 'not-done'],
  ['unknown', 'unknown'],
])('an execution that succeeded with the outcome %s is %s', (outcome, kind) => {
  expect(kindOf('SUCCEEDED', INCREMENT, { outcome })).toBe(kind);
});

it.each(['FAILED', 'TIMED_OUT', 'ABORTED'] as const)(
  'an increment that %s has perhaps counted, a read has not',
  (status) => {
    expect(kindOf(status, INCREMENT)).toBe('unknown');
    expect(kindOf(status, READ)).toBe('failed');
  },
);

it('an execution of a machine without outcomes is done when it succeeds', () => {
  expect(kindOf('SUCCEEDED', ['any'], 'thing')).toBe('done');
  expect(kindOf('RUNNING', null)).toBe('running');
});
