import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of package.json: this file lies at different depths below it as TypeScript and in `dist/`. */
export function projectRoot(from: string = __dirname): string {
  return existsSync(path.join(from, 'package.json')) ? from : projectRoot(path.dirname(from));
}
