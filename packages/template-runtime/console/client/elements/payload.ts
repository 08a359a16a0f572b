import { copyButton } from './copy';
import { h } from './element';

/** A text with its title and a button that copies it. JSON is indented and coloured, other text stays as it is. */
export function payload(label: string, text: string): HTMLElement {
  const shown = indented(text);
  return h(
    'div',
    { class: 'payload' },
    h(
      'div',
      { class: 'caption' },
      h('h3', {}, label),
      copyButton(label, () => shown),
    ),
    h(
      'pre',
      { class: 'json', tabindex: 0, role: 'group', 'aria-label': label },
      ...(shown.length > MOST_COLOURED || !isJson(text) ? [shown] : coloured(shown)),
    ),
  );
}

/** A text longer than this isn't coloured: every token is an element of the page. */
const MOST_COLOURED = 20_000;

/** JSON with a line per field; what is no JSON as it is. */
export function indented(text: string): string {
  return isJson(text) ? JSON.stringify(JSON.parse(text), null, 2) : text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // a cause may be any text
  }
}

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g;

/** @param json indented */
export function coloured(json: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const token of json.matchAll(TOKENS)) {
    const [all, string, colon] = token;
    nodes.push(new Text(json.slice(end, token.index)));
    end = token.index + all.length;
    const look = string === undefined ? 'literal' : colon === undefined ? 'string' : 'key';
    nodes.push(h('span', { class: look }, string ?? all));
    if (colon !== undefined) nodes.push(new Text(colon));
  }
  return [...nodes, new Text(json.slice(end))];
}
