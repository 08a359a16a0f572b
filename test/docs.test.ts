import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

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
