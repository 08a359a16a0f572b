import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The folder of the package.json above a folder: sources lie at different depths below it as TypeScript and in `dist/`.
 *
 * @param from the caller's `__dirname`
 */
export function packageRoot(from: string): string {
  return existsSync(path.join(from, 'package.json')) ? from : packageRoot(path.dirname(from));
}

/**
 * The compiled form of a module, which worker threads run: they can't load TypeScript.
 *
 * @param file seen from its package's root, such as `redis/index.js`
 * @param from a folder of that package: the caller's `__dirname`
 */
export function compiledModule(file: string, from: string): string {
  return path.join(packageRoot(from), 'dist', file);
}

/** A file of this package that is no module, such as a page of the console. */
export function packageFile(file: string): string {
  return path.join(packageRoot(__dirname), file);
}
