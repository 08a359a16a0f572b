import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SETTINGS } from '../lib/configuration';
import packageJson from '../package.json';

const root = path.join(__dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The lines between `<!-- name -->` and `<!-- /name -->` of a page. */
function linesOf(page: string, name: string): string[] {
  const [, block = ''] = new RegExp(`<!-- ${name} -->([^]*)<!-- /${name} -->`).exec(read(page)) ?? [];
  return block.trim().split('\n');
}

describe('docs/settings.md', () => {
  it('lists every setting with the default, rule and description that are in force', () => {
    const items = linesOf('docs/settings.md', 'settings')
      .join(' ')
      .split(/(?:^| )- (?=\*\*)/)
      .slice(1);

    expect(items.map((item) => item.replace(/ +/g, ' ').trim())).toEqual(
      Object.values(SETTINGS).map(
        (setting) => `**\`${setting.name}\`** = \`${setting.default}\`. ${setting.description} Takes ${setting.rule}.`,
      ),
    );
  });
});

describe('docs/scripts.md', () => {
  it('lists every npm script', () => {
    const names = linesOf('docs/scripts.md', 'scripts')
      .slice(2)
      .map((line) => line.split('|')[1]?.trim());

    expect(names).toEqual(Object.keys(packageJson.scripts).map((name) => `\`${name}\``));
  });
});

describe('the README', () => {
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
