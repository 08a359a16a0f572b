import type { CellKey, Comparison, Machine, MeasuredServer } from '../comparison';
import { counted, grouped } from '../format';
import { variantName } from '../names';
import type { Measured } from '../selection';
import { isValid } from '../summary';
import { type Markup, markup } from './markup';

/** What was measured, when, by what, on what; and what stands in doubt. */
export function header(measured: Measured): Markup {
  const { comparison, cells } = measured;
  const stores = new Set(cells.map(({ cell }) => cell.store)).size;
  const rounds = comparison.cells.reduce((sum, cell) => sum + cell.rounds.length, 0);
  return markup`<header>
    <p class="eyebrow">atomic-counter · comparison</p>
    <h1>${headline(measured)}</h1>
    <p class="subtitle">
      ${counted(stores, 'store')}, ${measured.modes.join(' and ')} increments: ${counted(cells.length, 'cell')} in
      ${counted(rounds, 'round')}, interleaved. How fast, how exact, and at what price.
    </p>
    ${notices(measured)}
    <dl class="facts">
      ${fact('Measured', `${dateText(comparison.startedAt)}, ${durationText(comparison)}`)}
      ${fact('Machine', machineText(comparison.machine))}
      ${fact('Versions', versionsText(comparison))}
      ${fact('Network', networkText(comparison))}
      <div class="wide">
        <dt>Command</dt>
        <dd><code>${comparison.command}</code></dd>
      </div>
    </dl>
  </header>`;
}

function headline({ cells }: Measured): string {
  const broken = cells.filter(({ exactness }) => exactness === 'not exact');
  const judged = cells.filter(({ exactness }) => exactness !== 'not judged');
  if (judged.length === 0) return 'Nothing could be judged';
  if (broken.length === 0)
    return judged.length === cells.length ? 'Every count was exact' : 'Every count that was judged was exact';
  const names = [...new Set(broken.map(({ cell }) => seriesTitle(cell)))];
  if (broken.length === judged.length) return `${LIST.format(names)} miscounted`;
  return `Every count was exact but those of ${LIST.format(names)}`;
}

function seriesTitle(cell: CellKey): string {
  const variant = variantName(cell);
  return variant === '' ? cell.store : `${cell.store} (${variant})`;
}

function notices({ comparison, cells }: Measured): Markup {
  const invalid = cells.filter((cell) => !isValid(cell)).length;
  const broken = cells.filter(({ exactness }) => exactness === 'not exact').length;
  return markup`${comparison.partial !== undefined && notice('doubt', 'Partial.', `Not all that was planned was measured: ${comparison.partial}.`)}
  ${
    broken > 0 &&
    notice(
      'bad',
      'Not exact.',
      `${counted(broken, 'cell')} of ${grouped(cells.length)} gave answers that no correct counter gives.`,
    )
  }
  ${
    invalid > 0 &&
    notice(
      'doubt',
      'Invalid.',
      `${counted(invalid, 'cell')} of ${grouped(cells.length)} ${invalid === 1 ? 'has' : 'have'} no valid round: shown, and never counted.`,
    )
  }`;
}

export const notice = (look: string, title: string, text: string): Markup =>
  markup`<p class="notice ${look}"><strong>${title}</strong> ${text}</p>`;

export const fact = (name: string, value: string): Markup =>
  markup`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;

const LIST = new Intl.ListFormat('en');
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export const dateText = (iso: string): string => `${DATE.format(new Date(iso))} UTC`;

function durationText({ startedAt, finishedAt }: Comparison): string {
  const minutes = (Date.parse(finishedAt) - Date.parse(startedAt)) / 60_000;
  return minutes < 1 ? 'in less than a minute' : `in ${counted(Math.round(minutes), 'minute')}`;
}

export function machineText({ cpu, cores, memoryBytes, os }: Machine): string {
  return `${cpu}, ${counted(cores, 'core')}, ${grouped(memoryBytes / 2 ** 30)} GiB, ${os}`;
}

export function versionsText({ machine, versions }: Pick<Comparison, 'machine' | 'versions'>): string {
  return [`Node ${machine.node}`, ...Object.entries(versions).map(([name, version]) => `${name} ${version}`)].join(
    ', ',
  );
}

function networkText({ addedLatencyMs }: Comparison): string {
  return addedLatencyMs === 0
    ? 'one machine, nothing added'
    : `${grouped(addedLatencyMs)} ms added each way to the store`;
}

const KINDS: Readonly<Record<MeasuredServer['kind'], string>> = {
  'stand-in': 'a stand-in, this project’s own server that speaks the store’s protocol',
  emulator: 'an emulator of the service',
  server: 'the real server, on this machine rather than as a service',
  aws: 'the service on AWS',
};

/** What nobody may read out of the report. */
export function limitsSection({ comparison, cells }: Measured): Markup {
  const servers = Object.entries(comparison.servers);
  const doubtful = servers.filter(([, { kind }]) => kind === 'stand-in' || kind === 'emulator').map(([store]) => store);
  const saturated = cells.filter(({ isSaturated }) => isSaturated === true).length;
  return markup`<section aria-labelledby="limits">
    <h2 id="limits">What it does not show</h2>
    <ul class="limits">
      ${
        doubtful.length > 0 &&
        markup`<li>
          <strong>The speed of a real service.</strong> A stand-in or an emulator says nothing of it: ${doubtful.join(', ')}. What these
          numbers compare is how each way of counting uses its store, and what this project adds.
        </li>`
      }
      <li>
        <strong>A network.</strong> ${
          comparison.addedLatencyMs === 0
            ? 'Caller, system and stores share a machine and its processors: what one uses the others lack.'
            : `Only the way to the store was made longer, by ${grouped(comparison.addedLatencyMs)} ms each way; caller and system share a machine.`
        }
      </li>
      ${
        saturated > 0 &&
        markup`<li>
          <strong>The store’s limit in ${counted(saturated, 'saturated cell')}.</strong> There the generator was near its own.
        </li>`
      }
      <li><strong>Correctness for ever.</strong> A history that is exact proves nothing wrong; it doesn’t prove that nothing can be.</li>
    </ul>
    <ul class="servers">
      ${servers.map(([store, { name, kind }]) => markup`<li><strong>${store}</strong>: ${name}, ${KINDS[kind]}.</li>`)}
    </ul>
  </section>`;
}
