import type { Route } from 'template-runtime/http';

/** One pasteable curl per store. */
export interface CurlExample {
  readonly store: string;
  readonly command: string;
}

export interface HomePageOptions {
  readonly mode: string;
  readonly curls: readonly CurlExample[];
  /** The folder where counters are kept for the next start. @default - none */
  readonly dataDirectory?: string | undefined;
}

/** `GET /`: what runs here, and how to use it. */
export function homePage(options: HomePageOptions): Route {
  return (request, response) => {
    if (request.method !== 'GET' || request.url !== '/') return undefined;
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
    });
    response.end(render(options));
    return Promise.resolve();
  };
}

function render({ mode, curls, dataDirectory }: HomePageOptions): string {
  const rows = curls.map(({ store, command }) => `<dt>${escape(store)}</dt><dd><pre>${escape(command)}</pre></dd>`);
  const fate =
    dataDirectory === undefined
      ? 'Counters vanish on Ctrl-C.'
      : `Counters and executions are kept in ${dataDirectory}.`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>atomic-counter</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  dt { font-weight: 600; }
  dd { margin: 0 0 1rem; }
  pre { overflow-x: auto; margin: 0; padding: 0.6rem; border: 1px solid; border-radius: 0.3rem; }
</style>
<h1>atomic-counter</h1>
<p>Mode: ${escape(mode)}. Each of these adds one to the counter <code>votes</code>, and reads it without
<code>-X POST</code>:</p>
<dl>
${rows.join('\n')}
</dl>
<p><a href="/console">Console</a>: state machines, executions and what each state did.
<a href="/_local/metrics">Metrics</a>, with the log event behind each data point. ${escape(fate)}</p>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
