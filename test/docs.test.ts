import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };

/** Every text that a reader follows: pages, and code with its comments. */
const SOURCES = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter(
    (file) => /\.(md|ts|mjs|vtl|yaml)$/.test(file) && file !== 'CHANGELOG.md' && existsSync(path.join(root, file)),
  );

const STORES = ['redis', 'momento', 'docdb', 'tidb'];

/** Whether a path in a text is there. `*` stands for the rest of a name, `<store>` for a store: that its name is right
 * for each that needs it is held where the list of what a store needs is. */
function isThere(named: string): boolean {
  if (named.includes('<store>')) return STORES.some((store) => isThere(named.replaceAll('<store>', store)));
  const found = named
    .replace(/\/$/, '')
    .split('/')
    .reduce((folders, part) => folders.flatMap((folder) => matches(folder, part)), [root]);
  return found.length > 0;
}

function matches(folder: string, part: string): string[] {
  const pattern = new RegExp(`^${part.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  const names = part.includes('*') ? readdirSync(folder).filter((name) => pattern.test(name)) : [part];
  return names.map((name) => path.join(folder, name)).filter((file) => existsSync(file));
}

const PAGES = [
  ...readdirSync(root),
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => path.join('docs', file)),
].filter((file) => file.endsWith('.md'));

/** The text without its code, whose brackets are no links. */
const prose = (page: string): string => page.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return Array.from(page.matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(PAGES)('%s', (file) => {
  it('links only to files and headings that exist', () => {
    const broken = Array.from(prose(read(file)).matchAll(/\]\((?!https?:)([^)]+)\)/g), ([, link = '']) => link).filter(
      (link) => {
        const [target = '', anchor] = link.split('#');
        const linked = target === '' ? file : path.join(path.dirname(file), target);
        return (
          !existsSync(path.join(root, linked)) || (anchor !== undefined && !anchorsOf(read(linked)).includes(anchor))
        );
      },
    );

    expect(broken).toEqual([]);
  });

  it('has diagrams without colours of their own, which read on light and on dark pages', () => {
    const diagrams = Array.from(read(file).matchAll(/^```mermaid\n([^]*?)^```/gm), ([, diagram = '']) => diagram);

    for (const diagram of diagrams)
      expect(diagram).not.toMatch(/classDef|linkStyle|^\s*style |%%\{|rgb|#[0-9a-f]{3}/im);
  });
});

describe('a table in a page', () => {
  it('is at most 120 characters wide, so that it reads without scrolling', () => {
    const wide = SOURCES.filter((file) => file.endsWith('.md')).flatMap((file) =>
      read(file)
        .split('\n')
        .filter((line) => /^\s*\|/.test(line) && line.length > 120)
        .map((line) => `${file}: ${line}`),
    );

    expect(wide).toEqual([]);
  });
});

describe('pages and comments', () => {
  const FOLDERS = 'bin|lib|functions|state-machines|local|compare|packages|tools|test|docs|\\.ci|\\.github';
  const named = (pattern: RegExp): [file: string, name: string][] =>
    SOURCES.flatMap((file) =>
      Array.from(read(file).matchAll(pattern), ([, name = '']) => [file, name] as [string, string]),
    );

  it('name only paths that are there', () => {
    const paths = named(new RegExp(`\`((?:${FOLDERS})/[\\w.<>*/-]*)\``, 'g'));

    expect(paths.length).toBeGreaterThan(100);
    expect(paths.filter(([, name]) => !isThere(name))).toEqual([]);
  });

  it('name only npm scripts that are there', () => {
    const commands = named(/npm run (?:--silent )?([a-z][\w:-]*)/g);

    expect(commands.length).toBeGreaterThan(50);
    expect(commands.filter(([, name]) => !(name in scripts))).toEqual([]);
  });
});

describe('the workflow on GitHub', () => {
  const workflow = read('.github/workflows/ci.yml');

  it('decides by the same script as everywhere, and may only read', () => {
    expect(workflow).toContain('- run: bash .ci/run\n');
    expect(workflow).toContain('permissions:\n  contents: read\n');
    expect(workflow).not.toMatch(/secrets\.|upload-artifact|write/);
  });

  it('pins every action to a commit, with its version beside it', () => {
    const uses = workflow.match(/uses: .+/g) ?? [];

    expect(uses.length).toBeGreaterThan(0);
    for (const use of uses) expect(use).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});
