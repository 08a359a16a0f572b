import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';

/** Where a page finds the client that was installed beside it. */
export const INSTALLED = '/node_modules/atomic-counter-client/dist/index.js';

/** The client as one minified ES module. */
export async function clientBundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(__dirname, '..', '..', 'client', 'src', 'index.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** Serves a page at `/`, and the client where it would be installed. The origin is another one than the API's. */
export async function startPageServer(html: string): Promise<{ url: string; close(): void }> {
  const bundle = await clientBundle();
  const server = createServer(({ url }, response) => {
    const [type, body] = url === INSTALLED ? ['text/javascript', bundle] : ['text/html', html];
    response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
