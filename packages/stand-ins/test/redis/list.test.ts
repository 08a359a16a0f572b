import { readFileSync } from 'node:fs';
import path from 'node:path';
import Redis from 'ioredis';
import { startRedis } from '../../redis';
import { COMMAND_GROUPS } from '../../redis/commands/registry';

const README = path.join(path.dirname(require.resolve('../../redis')), 'README.md');

/** What stands between two marks of README.md, a text for each line of its lists. */
function listed(section: string): string[] {
  const [, text = ''] = readFileSync(README, 'utf8').split(`<!-- ${section} -->`);
  return [...text.matchAll(/^- (.+)$/gm)].map(([, line = '']) => line);
}

describe('the list of what the embedded Redis carries out', () => {
  it('has the commands of the registry, with their arguments', () => {
    const commands = Object.entries(COMMAND_GROUPS).map(([group, table]) => {
      const calls = Object.entries(table).map(([name, { takes }]) =>
        `${name.toUpperCase().replace('|', ' ')} ${takes}`.trim(),
      );
      return `${group}: ${calls.map((call) => `\`${call}\``).join(', ')}`;
    });

    expect(listed('commands')).toEqual(commands);
  });

  it('has the library that scripts find', async () => {
    const store = await startRedis();
    const client = new Redis(store.port, '127.0.0.1');
    const script = `
      local found = {}
      for name, value in pairs(_G) do
        if type(value) == 'function' then found[#found + 1] = name end
        if type(value) == 'table' and name ~= '_G' and name ~= 'KEYS' and name ~= 'ARGV' then
          for field in pairs(value) do found[#found + 1] = name .. '.' .. field end
        end
      end
      return found`;

    const names = (await client.eval(script, 0)) as string[];

    client.disconnect();
    await store.close();
    const inReadme = listed('library').flatMap((line) => line.match(/(?<=`)[\w.]+(?=`)/g) ?? []);
    expect(inReadme.sort()).toEqual(names.sort());
  });
});
