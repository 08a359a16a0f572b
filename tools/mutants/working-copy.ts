import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../lib/project-root';
import type { Mistake } from './mutants';

/** What the tests need besides the installed packages. No settings or credentials of this checkout. */
const PARTS = [
  ...['bin', 'client', 'compare', 'functions', 'lib', 'local', 'packages', 'state-machines', 'test', 'tools'],
  ...['cdk.json', 'jest.config.js', 'package.json', 'tsconfig.json'],
];

/** A copy of the project to plant mistakes in, so that the project's own files stay as they are. */
export interface WorkingCopy {
  readonly folder: string;
  /** Runs `work` while a mutant is planted. */
  whilePlanted<T>(mutant: Mistake, work: () => Promise<T>): Promise<T>;
  remove(): void;
}

export function makeWorkingCopy(): WorkingCopy {
  const folder = mkdtempSync(path.join(tmpdir(), 'mutants-'));
  for (const part of PARTS) cpSync(path.join(projectRoot(), part), path.join(folder, part), { recursive: true });
  symlinkSync(path.join(projectRoot(), 'node_modules'), path.join(folder, 'node_modules'));
  return {
    folder,
    async whilePlanted(mutant, work) {
      const file = path.join(folder, mutant.file);
      const original = readFileSync(file, 'utf8');
      writeFileSync(file, mutated(original, mutant));
      try {
        return await work();
      } finally {
        writeFileSync(file, original);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * The text of a mutant's file with the mistake in it.
 *
 * @throws Error when the place is missing or ambiguous
 */
export function mutated(source: string, { mistake, file, after, find, replace }: Mistake): string {
  const once = (text: string): number => {
    const at = source.indexOf(text);
    if (at >= 0 && source.indexOf(text, at + 1) < 0) return at;
    throw new Error(`${file} must have this once, for the mutant that ${mistake}: ${text}`);
  };
  const at = after === undefined ? once(find) : source.indexOf(find, once(after));
  if (at < 0) throw new Error(`${file} must have this after ${after}, for the mutant that ${mistake}: ${find}`);
  return source.slice(0, at) + replace + source.slice(at + find.length);
}
