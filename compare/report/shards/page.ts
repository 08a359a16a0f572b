import { openCanvas } from '../charts/canvas';
import { grouped } from '../format';
import { exactBadge } from '../html/badges';
import { figure } from '../html/figure';
import { dateText, fact, machineText, notice, versionsText } from '../html/header';
import { type Markup, markup } from '../html/markup';
import { pageHtml } from '../html/page';
import { dataTable } from '../html/table';
import { efficiencyText, shardsChart } from './chart';
import type { ShardComparison } from './document';
import { sellingOutRows, steadyRows } from './rows';
import { scaleText, type ShardSummary, summarizeShards } from './summary';

/** The report: one file of HTML that needs no network and no script. */
export async function shardsHtml(comparison: ShardComparison): Promise<string> {
  const summaries = summarizeShards(comparison);
  const chart = shardsChart(await openCanvas(), comparison);
  return pageHtml({
    title: `One counter over shards, ${dateText(comparison.startedAt)}`,
    header: header(comparison, summaries),
    main: markup`${chart && figure(chart, comparison.command)} ${steadySection(comparison)} ${sellingOutSection(comparison)}
      ${limitsSection(comparison)}`,
    finishedAt: comparison.finishedAt,
  });
}

function header(comparison: ShardComparison, summaries: readonly ShardSummary[]): Markup {
  const broken = summaries.filter(({ exactness }) => exactness === 'not exact');
  const unlimited = summaries.filter(({ isWithinLimit }) => !isWithinLimit);
  const isJudged = summaries.some(({ exactness }) => exactness !== 'not judged');
  const isMeasured = summaries.some(({ efficiency }) => efficiency !== undefined);
  return markup`<header>
    <p class="eyebrow">atomic-counter · comparison</p>
    <h1>${broken.length > 0 ? `Not exact: ${shardsOf(broken)}` : isJudged ? 'A striped counter is exact' : 'Nothing could be judged'}</h1>
    <p class="subtitle">
      One counter in DynamoDB over ${summaries.map(({ shards }) => grouped(shards)).join(', ')} items, each with a limit of writes:
      ${isMeasured && `${efficiencyText(comparison)} of what the items may write.`}
    </p>
    ${comparison.partial !== undefined && notice('doubt', 'Partial.', `Not all that was planned was measured: ${comparison.partial}.`)}
    ${
      unlimited.length > 0 &&
      notice(
        'bad',
        'No limit.',
        `More was counted than the items’ limit allows: ${shardsOf(unlimited)}. It wasn’t applied.`,
      )
    }
    ${broken.flatMap(({ violations }) => violations.slice(0, 1)).map(({ message }) => notice('bad', 'Not exact.', message))}
    <p>${summaries.map(({ shards, exactness }) => markup`${grouped(shards)}: ${exactBadge(exactness)} `)}</p>
    <dl class="facts">
      ${fact('Measured', dateText(comparison.startedAt))} ${fact('Scale', scaleText(comparison))}
      ${fact('Machine', machineText(comparison.machine))} ${fact('Versions', versionsText(comparison))}
      <div class="wide">
        <dt>Command</dt>
        <dd><code>${comparison.command}</code></dd>
      </div>
    </dl>
  </header>`;
}

const shardsOf = (summaries: readonly ShardSummary[]): string =>
  `${summaries.map(({ shards }) => grouped(shards)).join(', ')} shards`;

function steadySection(comparison: ShardComparison): Markup {
  const { prices } = comparison;
  return markup`<section aria-labelledby="steady">
    <h2 id="steady">Far below a limit</h2>
    <p class="lede">
      Throttled: of all calls, those that were answered 503 after the workflow’s repetitions; they are no increments. Dollars are of
      ${prices.region}, ${prices.date}: a call, an execution, and the write and read units that were counted; without the log.
    </p>
    ${dataTable('Increments', steadyRows(comparison))}
  </section>`;
}

function sellingOutSection(comparison: ShardComparison): Markup {
  return markup`<section aria-labelledby="selling-out">
    <h2 id="selling-out">Selling out</h2>
    <p class="lede">
      A counter with a limit under the same load, until nobody gets anything any more. Of the last 10 % of the limit: how fast they sell,
      of the straight line, and for each increment the conditional writes that were refused and all requests, throttled ones too. Then how
      long after the last increment the last shard is marked as closed, and how many requests a refusal takes.
    </p>
    ${dataTable('Selling out', sellingOutRows(comparison))}
  </section>`;
}

function limitsSection({ itemLimitPerSecond }: ShardComparison): Markup {
  return markup`<section aria-labelledby="limits">
    <h2 id="limits">What it does not show</h2>
    <ul class="limits">
      <li>
        <strong>Partitions.</strong> Each item has its own limit here from the first write on. On AWS several items share a partition until it
        is split, and how soon that happens isn’t published.
      </li>
      <li>
        <strong>The speed of AWS.</strong> DynamoDB is an emulator, slowed down to ${grouped(itemLimitPerSecond)} writes a second an item, so that
        the limit is what is met and not the machine. Executions run in the generator, without API and logs.
      </li>
      <li><strong>Correctness for ever.</strong> A history that is exact proves nothing wrong; it doesn’t prove that nothing can be.</li>
    </ul>
  </section>`;
}
