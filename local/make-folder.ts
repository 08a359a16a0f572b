import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * As `mkdir -p` does. Node's own never ends when a parent exists but nothing can be created in it, as below /proc: it
 * alternates between the two errors.
 */
export function makeFolder(folder: string): void {
  const parent = path.dirname(folder);
  if (parent !== folder && !existsSync(parent)) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
