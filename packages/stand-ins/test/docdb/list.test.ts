import { readFileSync } from 'node:fs';
import path from 'node:path';
import { COMMANDS } from '../../docdb/commands/execute';
import { logicalOperators } from '../../docdb/query/filter';
import { operators } from '../../docdb/query/operators';
import { modifiers } from '../../docdb/update/modifiers';

const README = path.join(path.dirname(require.resolve('../../docdb')), 'README.md');

/** What stands between two marks of README.md, a text for each line of its lists. */
function listed(section: string): string[] {
  const [, text = ''] = readFileSync(README, 'utf8').split(`<!-- ${section} -->`);
  return [...text.matchAll(/^- (.+)$/gm)].map(([, line = '']) => line);
}

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

describe('the list of what the embedded DocumentDB carries out', () => {
  it('has the commands of the registry, with their fields', () => {
    const commands = Object.entries(COMMANDS).map(([name, { fields }]) => {
      if (fields === 'any') return `\`${name}\`: any`;
      return fields.length === 0 ? `\`${name}\`` : `\`${name}\`: ${quoted(fields)}`;
    });

    expect(listed('commands')).toEqual(commands);
  });

  it('has the operators of filters', () => {
    expect(listed('operators')).toEqual([
      quoted([...Object.keys(operators), '$not']),
      quoted(Object.keys(logicalOperators)),
    ]);
  });

  it('has the modifiers of updates', () => {
    expect(listed('modifiers')).toEqual([quoted(Object.keys(modifiers))]);
  });
});
