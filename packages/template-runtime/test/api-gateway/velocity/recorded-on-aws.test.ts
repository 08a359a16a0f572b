import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TemplateSyntaxError } from '../../../api-gateway/velocity/syntax';
import { collapse, RECORDED, type RecordedCase, score } from './recorded-cases';
import { render } from './template-case';

const isRefused = ({ refused }: RecordedCase): boolean => refused !== undefined;

function gives(recorded: RecordedCase): string {
  const { output } = render(recorded);
  return recorded.collapsed ? collapse(output) : output;
}

describe('a mapping template gives what was recorded on AWS', () => {
  it.each(RECORDED.filter((recorded) => !isRefused(recorded)))('$kind: $recorded', (recorded) => {
    expect(gives(recorded)).toBe(recorded.output);
  });

  it.each(RECORDED.filter(isRefused))('or is refused: $recorded', (recorded) => {
    expect(() => render(recorded)).toThrow(TemplateSyntaxError);
    expect(() => render(recorded)).toThrow(recorded.refused);
  });

  it('which docs/local-runtime.md counts', () => {
    const page = readFileSync(path.join(__dirname, '../../../../../docs/local-runtime.md'), 'utf8');

    const [, table = ''] =
      /<!-- conformance:velocity -->\n\n([^]*?)\n\n<!-- \/conformance:velocity -->/.exec(page) ?? [];
    const [, , ...rows] = table.split('\n').map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

    expect(rows).toEqual(score((recorded) => !isRefused(recorded) && gives(recorded) === recorded.output));
  });
});
