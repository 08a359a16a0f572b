import { escaped } from '../escape';

/** HTML that is one already: everything else is text, and escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What a template takes. */
type Part = Markup | string | number | false | undefined | readonly Part[];

/** A template of HTML: what is put in is escaped, unless it is markup; lists are joined, `false` and `undefined` are nothing. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(texts.map((text, index) => text + textOf(parts[index])).join(''));
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  return typeof part === 'object' ? part.map(textOf).join('') : escaped(String(part));
}
