import { readFileSync } from 'node:fs';
import path from 'node:path';
import { allowScripts } from '../package.json';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
}

describe('package.json', () => {
  it('decides on the install script of each dependency that has one, and on no other', () => {
    const lock = JSON.parse(readFileSync(path.join(__dirname, '../package-lock.json'), 'utf8')) as Lock;
    const withScript = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([folder]) => folder.replace(/^.*node_modules\//, ''));

    expect(Object.keys(allowScripts).sort()).toEqual([...new Set(withScript)].sort());
  });
});
