import type { MeasuredServer } from '../comparison';
import type { CellSummary, Exactness } from '../summary';
import { type Markup, markup } from './markup';

const EXACTNESS: Readonly<Record<Exactness, { readonly icon: string; readonly look: string }>> = {
  exact: { icon: '✓', look: 'good' },
  'not exact': { icon: '✗', look: 'bad' },
  'not judged': { icon: '–', look: 'doubt' },
};

/** A verdict in a word, with an icon; its colour says nothing alone. */
export function exactBadge(exactness: Exactness): Markup {
  const { icon, look } = EXACTNESS[exactness];
  return markup`<span class="badge ${look}"><span aria-hidden="true">${icon}</span> ${exactness}</span>`;
}

/** The worst of several verdicts. */
export function worst(cells: readonly CellSummary[]): Exactness {
  const all = cells.map(({ exactness }) => exactness);
  if (all.includes('not exact')) return 'not exact';
  return all.includes('exact') ? 'exact' : 'not judged';
}

export function serverText({ name, kind }: MeasuredServer): Markup {
  return markup`<span class="server">${name} <span class="kind">${kind === 'aws' ? 'AWS' : kind}</span></span>`;
}
