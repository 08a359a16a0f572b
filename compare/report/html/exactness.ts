import type { Rule } from '../../exactness';
import { counted, grouped } from '../format';
import { cellName } from '../names';
import type { Measured } from '../selection';
import type { CellSummary } from '../summary';
import { type Markup, markup } from './markup';

const RULES: Readonly<Record<Rule, string>> = {
  distinct: 'a value was returned twice',
  order: 'a later call returned less',
  gap: 'a value is missing that nobody can have taken',
  limit: 'the limit was passed',
  refusal: 'a call was refused below the limit',
  read: 'a read saw what can’t be',
};

const SHOWN = 5;

/** What the history checker found: in words where a cell fails. */
export function exactnessSection({ cells, comparison }: Measured): Markup {
  const broken = cells.filter(({ exactness }) => exactness === 'not exact');
  const rounds = comparison.cells.flatMap((cell) => cell.rounds);
  const total = (name: 'attempted' | 'counted' | 'refused' | 'unknown'): string =>
    grouped(rounds.reduce((sum, { verdict }) => sum + verdict.counts[name], 0));
  return markup`<section aria-labelledby="exactness">
    <h2 id="exactness">Exactness</h2>
    <p class="lede">
      ${total('attempted')} calls in ${counted(rounds.length, 'round')} were judged: ${total('counted')} counted, ${total('refused')}
      were refused at the limit, ${total('unknown')} ended unknown.
      ${
        broken.length === 0
          ? 'No history breaks a rule.'
          : `${counted(broken.length, 'cell')} of ${grouped(cells.length)} broke one.`
      }
    </p>
    ${broken.map(brokenCell)}
  </section>`;
}

function brokenCell({ cell, broken, violations }: CellSummary): Markup {
  const times = Object.values(broken).reduce((sum, count) => sum + count, 0);
  return markup`<article class="violations">
    <h3><span aria-hidden="true">✗</span> ${cellName(cell)}</h3>
    <ul class="rules">
      ${(Object.entries(broken) as [Rule, number][]).map(
        ([rule, count]) => markup`<li><strong>${grouped(count)}×</strong> ${RULES[rule] ?? rule}</li>`,
      )}
    </ul>
    <ol>
      ${violations.slice(0, SHOWN).map(({ message }) => markup`<li>${message}</li>`)}
    </ol>
    ${times > Math.min(SHOWN, violations.length) && markup`<p class="quiet">The first few of ${grouped(times)}.</p>`}
  </article>`;
}
