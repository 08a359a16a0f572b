import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { packageFile } from '../../worker/compiled-module';
import { PAGE_HEADERS } from './headers';
import { sendProblem } from './answers';

interface PageFile {
  readonly type: string;
  read(): Promise<string>;
}

const source = (name: string): string => packageFile(`console/client/${name}`);
const HTML: PageFile = { type: 'text/html; charset=utf-8', read: () => readFile(source('page.html'), 'utf8') };

const FILES: Readonly<Record<string, PageFile>> = {
  '/console': HTML,
  '/console/': HTML,
  '/console/page.css': { type: 'text/css; charset=utf-8', read: () => bundle('styles/page.css') },
  '/console/icon.svg': { type: 'image/svg+xml', read: () => readFile(source('icon.svg'), 'utf8') },
  '/console/page.js': { type: 'text/javascript; charset=utf-8', read: () => bundle('main.ts') },
};

/** Answers with the page's own files, each read or bundled once. */
export function pageFiles(): (request: IncomingMessage, response: ServerResponse, pathname: string) => Promise<void> {
  const contents = new Map<string, Promise<string>>();
  return async (request, response, pathname) => {
    const file = Object.hasOwn(FILES, pathname) ? FILES[pathname] : undefined;
    if (!file) return sendProblem(response, 404, `The console has no file ${pathname}`);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return sendProblem(response, 405, `${pathname} can only be read`);
    }
    let content = contents.get(pathname);
    if (!content) contents.set(pathname, (content = file.read()));
    const body = await content.catch((error: unknown) => {
      contents.delete(pathname); // a failure is retried
      throw error;
    });
    response.writeHead(200, { ...PAGE_HEADERS, 'Content-Type': file.type }).end(body);
  };
}

/** The page's script or style sheet, with all that it imports, in one file. */
async function bundle(entry: string): Promise<string> {
  const { build } = await import('esbuild'); // loaded when the page is opened, not at the start
  const { outputFiles } = await build({
    entryPoints: [source(entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'inline',
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`esbuild made nothing of the console's ${entry}`);
  return file.text;
}
