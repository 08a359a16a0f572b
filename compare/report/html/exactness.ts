import type { Rule } from '../../exactness';
import type { Round, RoundVerdict } from '../comparison';
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
  replay: 'a key counted again, or a repeat got another value',
};

const SHOWN = 5;

/** What the history checker found: in words where a cell fails. */
export function exactnessSection({ cells, comparison }: Measured): Markup {
  const broken = cells.filter(({ exactness }) => exactness === 'not exact');
  const rounds = comparison.cells.flatMap((cell) => cell.rounds);
  return markup`<section aria-labelledby="exactness">
    <h2 id="exactness">Exactness</h2>
    <p class="lede">
      ${endings(rounds)}
      ${
        broken.length === 0
          ? 'No history breaks a rule of a correct counter.'
          : `${counted(broken.length, 'cell')} of ${grouped(cells.length)} broke a rule of a correct counter.`
      }
    </p>
    ${broken.map(brokenCell)}
  </section>`;
}

/** How all calls ended, the endings that none had left out. */
function endings(rounds: readonly Round[]): string {
  const total = (name: keyof RoundVerdict['counts']): number =>
    rounds.reduce((sum, { verdict }) => sum + (verdict.counts[name] ?? 0), 0);
  const parts = (
    [
      [total('counted'), 'counted'],
      [total('replayed'), 'replayed'],
      [total('refused'), 'refused at the limit'],
      [total('notApplied'), 'not applied'],
      [total('unknown'), 'of unknown outcome'],
    ] as const
  ).filter(([count]) => count > 0);
  const judged = `${counted(total('attempted'), 'call')} in ${counted(rounds.length, 'round')} went to the history checker`;
  return `${judged}: ${parts.map(([count, how]) => `${grouped(count)} ${how}`).join(', ')}.`;
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
