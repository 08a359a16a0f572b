import { copyButton } from '../elements/copy';
import { h } from '../elements/element';
import { coloured, indented } from '../elements/payload';

export interface DefinitionView {
  readonly element: HTMLElement;
  /** Marks a state's part, and scrolls to it. */
  choose(state: string): void;
  /** Scrolls again to what is marked: a box that isn't shown can't scroll. */
  shown(): void;
}

/** A machine's definition, with the chosen state marked. */
export function definitionView(definition: string): DefinitionView {
  const text = indented(definition);
  const lines = text.split('\n');
  const box = h('pre', { class: 'json definition', tabindex: 0, role: 'group', 'aria-label': 'Definition' });
  let mark: HTMLElement | undefined;
  const render = (state?: string): void => {
    const [from, to] = state === undefined ? [0, 0] : linesOfState(lines, state);
    mark = h('mark', {}, ...coloured(lines.slice(from, to).join('\n')));
    const part = (start: number, end?: number): Node[] => coloured(lines.slice(start, end).join('\n'));
    if (from === to) box.replaceChildren(...part(0));
    else box.replaceChildren(...part(0, from), '\n', mark, '\n', ...part(to));
  };
  const shown = (): void => {
    if (mark?.isConnected) box.scrollTop = mark.offsetTop - box.offsetTop - box.clientHeight / 4;
  };
  render();
  return {
    element: h(
      'div',
      { class: 'payload' },
      h(
        'div',
        { class: 'caption' },
        h('h2', {}, 'Definition'),
        copyButton('definition', () => text),
      ),
      box,
    ),
    choose(state) {
      render(state);
      shown();
    },
    shown,
  };
}

/**
 * Where a state stands among the lines of an indented definition.
 *
 * @returns the first line and the one after the last; twice 0 where there is no such state
 */
export function linesOfState(lines: readonly string[], state: string): readonly [from: number, to: number] {
  const opening = `${JSON.stringify(state)}: {`;
  const from = lines.findIndex((line, index) => line.trimStart() === opening && isInStates(lines, index));
  if (from < 0) return [0, 0];
  const indent = indentOf(lines[from] ?? '');
  const to = lines.findIndex((line, index) => index > from && indentOf(line) === indent);
  return [from, to + 1];
}

function isInStates(lines: readonly string[], index: number): boolean {
  const indent = indentOf(lines[index] ?? '');
  const parent = lines.slice(0, index).findLast((line) => indentOf(line) < indent);
  return parent?.trim() === '"States": {';
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
