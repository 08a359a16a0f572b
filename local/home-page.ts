import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Route } from 'template-runtime/http';
import { projectRoot } from './project-root';

/** How a store's counter is incremented and read from a terminal. */
export interface CurlExample {
  readonly store: string;
  readonly increment: string;
  readonly read: string;
}

export interface HomePageOptions {
  readonly mode: string;
  readonly curls: readonly CurlExample[];
  /** What becomes of the counters, in a sentence. */
  readonly fate: string;
}

/** Copies the command before the button that was pressed. */
const SCRIPT = `
for (const button of document.querySelectorAll('button')) button.onclick = async () => {
  await navigator.clipboard.writeText(button.previousElementSibling.textContent);
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
};
`;

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    `script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`,
    "frame-ancestors 'none'",
  ].join('; '),
};

/** A counter's next step, in two colours. */
const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><rect width='16' height='16' rx='3' fill='%23245'/><path d='M8 4v8M4 8h8' stroke='%23fff' stroke-width='2'/></svg>";

/** `GET /`: what runs here, and how to use it. `GET /openapi.json`: the API's description. */
export function homePage(options: HomePageOptions): Route {
  return (request, response) => {
    if (request.method !== 'GET') return undefined;
    if (request.url === '/') response.writeHead(200, HEADERS).end(render(options));
    else if (request.url === '/openapi.json') {
      const description = readFileSync(path.join(projectRoot(), 'docs', 'openapi.json'));
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(description);
    } else return undefined;
    return Promise.resolve();
  };
}

function render({ mode, curls, fate }: HomePageOptions): string {
  const command = (text: string): string => `<dd><pre>${escape(text)}</pre><button>Copy</button></dd>`;
  const rows = curls.map(
    ({ store, increment, read }) => `<dt>${escape(store)}</dt>${command(increment)}${command(read)}`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>atomic-counter</title>
<link rel="icon" href="${ICON}">
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  dt { font-weight: 600; margin-top: 1rem; }
  dd { margin: 0 0 0.4rem; display: flex; gap: 0.4rem; align-items: stretch; }
  pre { flex: 1; min-width: 0; overflow-x: auto; margin: 0; padding: 0.6rem; border: 1px solid; border-radius: 0.3rem; }
  button { font: inherit; min-width: 5rem; }
</style>
<h1>atomic-counter</h1>
<p>Mode: ${escape(mode)}. ${escape(fate)}</p>
<p><a href="/console">Console</a>: state machines, executions and what each state did.
<a href="/_local/metrics">Metrics</a>, with the log event behind each data point.
<a href="/openapi.json">The API in OpenAPI</a>.</p>
<p>The first of each store adds one to the counter <code>votes</code>, the second reads it:</p>
<dl>
${rows.join('\n')}
</dl>
<script>${SCRIPT}</script>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
