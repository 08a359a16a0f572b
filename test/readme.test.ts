import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SETTINGS } from '../lib/configuration';
import packageJson from '../package.json';

const root = path.join(__dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The cells of the table between `<!-- name -->` and `<!-- /name -->`, without its head. */
function tableRows(name: string): string[][] {
  const [, table = ''] = new RegExp(`<!-- ${name} -->([^]*)<!-- /${name} -->`).exec(read('README.md')) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('the README', () => {
  it('lists every setting with the default, rule and description that are in force', () => {
    const expected = Object.values(SETTINGS).map((setting) => [
      `\`${setting.name}\``,
      `\`${setting.default}\``,
      setting.rule,
      setting.description,
    ]);

    expect(tableRows('settings')).toEqual(expected);
  });

  it('lists every npm script', () => {
    expect(tableRows('scripts').map(([name]) => name)).toEqual(
      Object.keys(packageJson.scripts).map((name) => `\`${name}\``),
    );
  });

  it('links only to files that exist', () => {
    const links = Array.from(read('README.md').matchAll(/\]\((?!https?:)([^)#]+)\)/g), ([, link = '']) => link);

    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(() => read(link)).not.toThrow();
  });
});

describe('.env.example', () => {
  it('sets every setting to its default', () => {
    const lines = read('.env.example')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));

    expect(lines).toEqual(Object.values(SETTINGS).map((setting) => `${setting.name}=${setting.default}`));
  });
});
