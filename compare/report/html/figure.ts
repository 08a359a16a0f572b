import type { Chart } from '../charts/chart';
import { Markup, markup } from './markup';
import { dataTable } from './table';

/** A chart with how to read it, what it doesn't show, how it was made, and its numbers. */
export function figure(chart: Chart, command: string): Markup {
  return markup`<section class="chart" aria-labelledby="${chart.id}">
    <h2 id="${chart.id}">${chart.title}</h2>
    <figure>
      <p class="lede">${chart.reading}</p>
      ${
        chart.legend.length > 0 &&
        markup`<ul class="legend">
          ${chart.legend.map(({ symbol, name }) => markup`<li><span aria-hidden="true">${symbol}</span> ${name}</li>`)}
        </ul>`
      }
      <div class="scroll" tabindex="0" role="group" aria-label="${chart.title}, chart">${new Markup(chart.svg)}</div>
      <figcaption>
        ${
          chart.leftOut.length > 0 &&
          markup`<p class="left-out"><strong>Not counted (×):</strong> ${chart.leftOut.join('. ')}.</p>`
        }
        <p>${chart.limits}</p>
        <p class="made">Made by <code>${command}</code></p>
      </figcaption>
    </figure>
    <details>
      <summary>The numbers</summary>
      ${dataTable(`${chart.title}: the numbers`, chart.table)}
    </details>
  </section>`;
}
