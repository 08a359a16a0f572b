import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What AWS was seen to do with one input. */
export interface ConformanceCase {
  readonly name: string;
  /** The public recording or measurement of AWS. */
  readonly source: string;
  /** Why the runtime does otherwise; a case without it has to pass, a case with it must not. */
  readonly differs?: string;
}

/** The cases of one kind: those of one file. */
export interface Kind<T extends ConformanceCase> {
  readonly kind: string;
  readonly cases: readonly T[];
}

/** Reads the JSON files of a folder of `test/local`, each a list of cases of one kind. */
export function readKinds<T extends ConformanceCase>(folder: string): Kind<T>[] {
  const directory = path.join(__dirname, '..', folder);
  return readdirSync(directory)
    .sort()
    .map((file) => ({
      kind: path.basename(file, '.json').replaceAll('-', ' '),
      cases: JSON.parse(readFileSync(path.join(directory, file), 'utf8')) as T[],
    }));
}

/**
 * Checks one case: it passes, or it differs, still, where the case says why.
 *
 * @param check throws where the runtime does otherwise than AWS
 */
export async function asItsCaseSays<T extends Pick<ConformanceCase, 'differs'>>(
  test: T,
  check: (test: T) => void | Promise<void>,
): Promise<void> {
  const checked = (async () => check(test))();
  if (test.differs === undefined) await checked;
  else await expect(checked).rejects.toThrow();
}

/**
 * Defines a test for each case.
 *
 * @param check throws where the runtime does otherwise than AWS
 */
export function testKinds<T extends ConformanceCase>(
  kinds: readonly Kind<T>[],
  check: (test: T) => void | Promise<void>,
): void {
  describe.each(kinds.map(({ kind, cases }) => [kind, cases] as const))('%s', (_kind, cases) => {
    it.each(cases.map((test) => [test.name, test] as const))('%s', (_name, test) => asItsCaseSays(test, check));
  });

  it('each has a name of its own and names where AWS was seen to do so', () => {
    for (const { kind, cases } of kinds) {
      expect({ kind, names: new Set(cases.map(({ name }) => name)).size }).toEqual({ kind, names: cases.length });
      for (const { name, source } of cases) expect([name, source]).toEqual([name, expect.stringMatching(SOURCE)]);
    }
  });
}

const SOURCE = /^(?:AWS, recorded in|measured on AWS,) github\.com\/.+/;
