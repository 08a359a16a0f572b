import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCounterEvent } from '../functions/counter-event';
import type { Operation } from '../functions/counter-store';
import { counterClient } from '../client/src';
import { answeredMachines, returns } from './state-machines/answered-machines';

/** What is a counter id, and what isn't: whoever knows the rule is held to this. */
const IDS = ['a', 'AZaz09._~:@-', '...', '.a', 'a.', '-.', '0', '__proto__', 'x'.repeat(128)];
const NONE = ['', '.', '..', 'a b', 'a/b', 'a\n', 'é', '😀', 'a%2e', 'x'.repeat(129), '.'.repeat(129)];

const RULE = 'id must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -, but not . or ..';

const file = (...names: string[]): string => readFileSync(path.join(__dirname, '..', ...names), 'utf8');

/** What a part of the system says against an id; undefined if nothing. */
const isRefused = (check: () => unknown): boolean => {
  try {
    check();
    return false;
  } catch {
    return true;
  }
};

describe('what a counter id is', () => {
  const machines = answeredMachines();
  const run = (operation: Operation, id: string): ReturnType<typeof machines.run> => {
    machines.answers = [...machines.answers, returns({ outcome: 'incremented', counter: 1 })];
    return machines.run(operation, { store: 'redis', id, useConditionalWrites: false });
  };

  it.each(['increment', 'read'] as const)('is one rule to the state machine of an %s', async (operation) => {
    for (const id of IDS) expect((await run(operation, id)).outcome).not.toBe('invalid-request');
    for (const id of NONE) {
      const shown = `"${Array.from(id).slice(0, 64).join('')}"${id.length > 64 ? `... (${id.length} characters)` : ''}`;

      expect(await run(operation, id)).toEqual({ outcome: 'invalid-request', error: `${RULE}, got ${shown}` });
    }
  });

  it('is the same to the functions, in the same words', () => {
    const refused = [...IDS, ...NONE].filter((id) => isRefused(() => parseCounterEvent({ id })));

    expect(refused).toEqual(NONE);
    expect(() => parseCounterEvent({ id: '..' })).toThrow(`${RULE}, got ".."`);
    expect(() => parseCounterEvent({ id: 'x'.repeat(129) })).toThrow(
      `${RULE}, got "${'x'.repeat(64)}"... (129 characters)`,
    );
  });

  it("is the same in the API's description", () => {
    const { components } = JSON.parse(file('docs', 'openapi.json')) as {
      components: { schemas: { Incremented: { properties: { id: { pattern: string; description: string } } } } };
    };
    const { pattern, description } = components.schemas.Incremented.properties.id;

    expect([...IDS, ...NONE].filter((id) => !new RegExp(pattern).test(id))).toEqual(NONE);
    expect(`id must be ${description.replace('The counter id: ', '')}`).toBe(RULE);
  });

  it('keeps the client from sending what a URL has no place for', async () => {
    const { increment } = counterClient({ url: 'http://127.0.0.1:1/prod', apiKey: 'key', deadlineMs: 1 });

    for (const id of ['', '.', '..']) expect(await increment('redis', id)).toMatchObject({ outcome: 'invalid' });
  });

  it.each(['README.md', 'client/src/client.ts'])('is told by %s', (name) => {
    expect(file(name)).toContain('1 to 128 of the characters `A-Z a-z 0-9 . _ ~ : @ -`, but not `.` or `..`');
  });
});
