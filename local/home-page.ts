import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
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

/**
 * Copies the command before the button that was pressed, and says so to screen readers as well. Without the clipboard's API,
 * which browsers keep from pages that aren't of this machine, or where it is refused, the command is selected and copied as by
 * the keyboard.
 */
const SCRIPT = `
const copy = async (command) => {
  try {
    await navigator.clipboard.writeText(command.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(command);
    return document.execCommand('copy');
  }
};
for (const button of document.querySelectorAll('button')) button.onclick = async () => {
  const said = await copy(button.previousElementSibling) ? 'Copied' : 'Selected';
  button.textContent = said;
  document.querySelector('[role=status]').textContent =
    said === 'Copied' ? 'Copied' : 'Selected: copy it by the keyboard';
  setTimeout(() => {
    button.textContent = 'Copy';
    document.querySelector('[role=status]').textContent = '';
  }, 2000);
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
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><rect width='16' height='16' rx='3' fill='#245'/><path d='M8 4v8M4 8h8' stroke='#fff' stroke-width='2'/></svg>";

/** Pages for who has just started the system. The others are linked from the first. */
const DOCUMENTS = [
  ['README.md', 'Read me'],
  ['docs/local-runtime.md', 'What runs here'],
  ['docs/settings.md', 'Every setting'],
  ['docs/scripts.md', 'Every script'],
  ['docs/pattern.md', 'How each store counts'],
] as const;

/**
 * `GET /`: what runs here, and how to use it. `GET /openapi.json`: the API's description. `GET /README.md` and
 * `/docs/….md`: the documentation, as text. `GET /favicon.ico`, which browsers also ask for when they show JSON.
 */
export function homePage(options: HomePageOptions): Route {
  return (request, response) => {
    if (request.method !== 'GET') return undefined;
    const { url = '' } = request;
    if (url === '/') response.writeHead(200, HEADERS).end(render(options));
    else if (url === '/favicon.ico') response.writeHead(200, { 'Content-Type': 'image/svg+xml' }).end(ICON);
    else if (url === '/openapi.json' || isDocument(url)) {
      const [folder, type] = isDocument(url) ? ['.', 'text/plain; charset=utf-8'] : ['docs', 'application/json'];
      response.writeHead(200, { 'Content-Type': type }).end(readFileSync(path.join(projectRoot(), folder, url)));
    } else return undefined;
    return Promise.resolve();
  };
}

/** A page of the documentation that is there: a plain name, so that nothing else of this machine can be named. */
function isDocument(url: string): boolean {
  return /^\/(?:README|docs\/[a-z-]+)\.md$/.test(url) && existsSync(path.join(projectRoot(), url));
}

function render({ mode, curls, fate }: HomePageOptions): string {
  const command = (text: string, what: string): string =>
    `<dd><pre>${escape(text)}</pre><button aria-label="Copy: ${escape(what)}">Copy</button></dd>`;
  const rows = curls.map(({ store, increment, read }) => {
    const commands = [command(increment, `increment in ${store}`), command(read, `read in ${store}`)];
    return `<dt>${escape(store)}</dt>${commands.join('')}`;
  });
  const documents = DOCUMENTS.map(([file, title]) => `<a href="/${file}">${title}</a>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>atomic-counter</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<style>
  :root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  dt { font-weight: 600; margin-top: 1rem; }
  dd { margin: 0 0 0.4rem; display: flex; gap: 0.4rem; align-items: stretch; }
  pre { flex: 1; min-width: 0; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; padding: 0.6rem; border: 1px solid; border-radius: 0.3rem; }
  button { font: inherit; min-width: 5.5rem; min-height: 2.75rem; }
  [role='status'] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  @media (max-width: 40rem) { dd { flex-direction: column; } }
</style>
<main>
<h1>atomic-counter</h1>
<p>Mode: ${escape(mode)}. ${escape(fate)}</p>
<p><a href="/console">Console</a>: state machines, executions and what each state did.
<a href="/_local/metrics">Metrics</a>, with the log event behind each data point.
<a href="/openapi.json">The API in OpenAPI</a>.</p>
<p>Documentation: ${documents.join(', ')}.</p>
<p>The first of each store adds one to the counter <code>votes</code>, the second reads it:</p>
<dl>
${rows.join('\n')}
</dl>
<p role="status"></p>
</main>
<script>${SCRIPT}</script>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
