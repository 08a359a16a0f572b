import { colourProperties } from '../charts/theme';

/** All of the page's style: it is one file, and asks nobody for more. */
export const STYLE = `
:root {
  color-scheme: light dark;
  ${colourProperties()}
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); -webkit-text-size-adjust: 100%; }
header, main, footer { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 56px; padding-bottom: 8px; }
.eyebrow { margin: 0; color: var(--quiet); font-size: 14px; font-weight: 600; letter-spacing: 0.02em; }
h1 { margin: 6px 0 10px; font-size: clamp(32px, 5vw, 48px); line-height: 1.1; letter-spacing: -0.022em; font-weight: 750; text-wrap: balance; overflow-wrap: anywhere; }
h2 { margin: 0 0 6px; font-size: 23px; line-height: 1.25; letter-spacing: -0.01em; }
h3 { margin: 0 0 8px; font-size: 16px; overflow-wrap: anywhere; }
.subtitle { margin: 0 0 24px; max-width: 46em; font-size: 19px; line-height: 1.5; color: var(--quiet); }
.lede { margin: 0 0 20px; max-width: 52em; color: var(--quiet); }
.quiet { color: var(--quiet); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
small { display: block; color: var(--quiet); font-size: 12.5px; font-weight: 400; line-height: 1.35; }
code { font: 13px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
section { margin: 20px 0; padding: 28px 32px; background: var(--paper); border: 1px solid var(--rule); border-radius: 12px; }
.notice { margin: 0 0 10px; padding: 10px 16px; border-left: 4px solid currentColor; border-radius: 4px; }
.notice.bad { background: var(--bad-paper); color: var(--bad); }
.notice.doubt { background: var(--doubt-paper); color: var(--doubt); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 16px 32px; margin: 24px 0 8px; padding: 20px 0 0; border-top: 1px solid var(--rule); }
.facts dt { color: var(--quiet); font-size: 13px; }
.facts dd { margin: 2px 0 0; font-size: 15px; overflow-wrap: anywhere; }
.facts .wide { grid-column: 1 / -1; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.verdicts th, .verdicts td { padding: 12px 16px 12px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
.verdicts th:last-child, .verdicts td:last-child { padding-right: 0; }
.verdicts thead th { padding-top: 0; font-size: 14px; line-height: 1.35; vertical-align: bottom; }
.verdicts .number { text-align: right; }
.verdicts td.number { white-space: nowrap; }
.verdicts thead small { max-width: 9em; margin-left: auto; }
.verdicts .number strong { font-size: 18px; }
.verdicts tbody th { font-weight: 400; min-width: 190px; }
.verdicts .mode th { padding-top: 24px; font-size: 16px; font-weight: 700; }
.verdicts .mode small { display: inline; margin-left: 10px; font-size: 14px; }
.verdicts tbody tr:last-child > * { border-bottom: 0; }
.store { font-size: 17px; font-weight: 700; overflow-wrap: anywhere; }
.variant { color: var(--quiet); font-size: 14px; }
.server { display: block; color: var(--quiet); font-size: 13px; line-height: 1.5; overflow-wrap: anywhere; }
.kind { display: inline-block; padding: 0 6px; border: 1px solid var(--rule); border-radius: 4px; font-size: 12px; white-space: nowrap; }
.bar { display: block; width: 132px; height: 5px; margin: 6px 0 0 auto; border-radius: 3px; background: var(--rule); }
.bar span { display: block; height: 100%; border-radius: 3px; background: var(--accent); }
.badge { display: inline-block; padding: 1px 9px; border-radius: 999px; font-size: 13px; font-weight: 600; white-space: nowrap; }
.badge.good { background: var(--good-paper); color: var(--good); }
.badge.bad { background: var(--bad-paper); color: var(--bad); }
.badge.doubt { background: var(--doubt-paper); color: var(--doubt); }
tr.invalid > * { color: var(--quiet); }
tr.invalid { background: repeating-linear-gradient(-45deg, transparent 0 7px, var(--rule) 7px 8px); }
tr.invalid small { white-space: normal; }
figure { margin: 0; }
figure svg { display: block; width: 100%; min-width: 720px; height: auto; overflow: visible; }
figcaption { margin-top: 12px; color: var(--quiet); font-size: 14px; }
figcaption p { margin: 4px 0; max-width: 60em; }
.left-out { color: var(--doubt); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 0 0 12px; padding: 0; list-style: none; font-size: 14px; }
details { margin-top: 14px; }
summary { width: fit-content; color: var(--accent); font-size: 14px; font-weight: 600; cursor: pointer; }
details .scroll { margin-top: 10px; }
.data { font-size: 14px; }
.data th, .data td { padding: 6px 14px 6px 0; text-align: right; border-bottom: 1px solid var(--rule); vertical-align: top; white-space: nowrap; }
.data th:first-child, .data .text { text-align: left; white-space: normal; }
.data thead th { color: var(--quiet); font-size: 13px; font-weight: 600; }
.data tbody th { font-weight: 600; }
.data.cells { font-size: 13px; }
.data.cells .text { min-width: 190px; }
.violations { margin-top: 16px; padding: 16px 20px; border-left: 4px solid var(--bad); border-radius: 4px; background: var(--bad-paper); }
.violations h3 { color: var(--bad); }
.violations ul, .violations ol { margin: 8px 0; padding-left: 22px; overflow-wrap: anywhere; }
.violations ol { font-size: 14px; }
.limits li, .servers li { margin: 6px 0; max-width: 56em; }
.servers { padding: 14px 0 0 20px; border-top: 1px solid var(--rule); color: var(--quiet); font-size: 14px; }
footer { padding-top: 8px; padding-bottom: 56px; color: var(--quiet); font-size: 14px; }
@media (max-width: 640px) {
  header, main, footer { padding-left: 16px; padding-right: 16px; }
  section { padding: 20px 16px; }
}
@page { size: A4; margin: 14mm 13mm; }
@media print {
  :root { color-scheme: light; font-size: 11px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  body { background: none; }
  header, main, footer { max-width: none; padding: 0; }
  h1 { font-size: 30px; }
  h2 { font-size: 17px; break-after: avoid; }
  header { padding-top: 0; }
  .subtitle { font-size: 14px; margin-bottom: 12px; }
  .lede { margin-bottom: 10px; }
  figcaption, .legend, .facts dd, .violations ol, .servers, footer { font-size: 10.5px; }
  small, .server, .variant, .badge, .facts dt, code, .kind { font-size: 9.5px; }
  .notice { padding: 5px 10px; }
  .facts { gap: 8px 24px; margin: 12px 0; padding-top: 10px; }
  h3, .verdicts .mode th { font-size: 12px; }
  .verdicts .mode th { padding-top: 12px; }
  section { margin: 0 0 14px; padding: 0; border: 0; background: none; }
  .chart, figure, .violations, .notice, tr, .verdicts tbody { break-inside: avoid; }
  .scroll { overflow: visible; }
  figure svg { min-width: 0; max-height: 150mm; }
  /* Closed, it has nothing to print, and all of it is in the last table. */
  details { display: none; }
  .verdicts th, .verdicts td { padding: 5px 10px 5px 0; font-size: 11px; }
  .verdicts thead th { font-size: 11px; }
  .verdicts .number strong, .store { font-size: 13px; }
  .data th, .data td { white-space: normal; }
  .data, .data thead th { font-size: 10px; }
  .data.cells, .data.cells thead th { font-size: 8.5px; }
  .data.cells th, .data.cells td { padding: 3px 6px 3px 0; }
  .data.cells .text { min-width: 0; }
  .data.cells small, .data.cells .badge { font-size: 8px; }
  thead { display: table-header-group; }
}
`;
