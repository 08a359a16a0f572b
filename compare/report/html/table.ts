import { type Markup, markup } from './markup';

/** A table of texts under a head; the first column names the row. It scrolls by itself where it is too wide. */
export function dataTable(caption: string, [head = [], ...rows]: readonly (readonly string[])[]): Markup {
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
    <table class="data">
      <caption class="hidden">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((cell) => markup`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            markup`<tr${row.includes('invalid') && markup` class="invalid"`}>
              ${row.map((cell, column) => (column === 0 ? markup`<th scope="row">${cell}</th>` : markup`<td>${cell}</td>`))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
