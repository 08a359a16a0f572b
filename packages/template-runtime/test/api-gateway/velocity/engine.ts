import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Rendered, TemplateCase } from './template-case';

/** Folder with what `.ci/velocity/pom.xml` names; undefined where nobody put it there. */
export const VELOCITY_LIBRARY = process.env['VELOCITY_LIBRARY'];

const RENDERER = path.join(__dirname, '../../../../../.ci/velocity/Renderer.java');

/** Renders cases in Apache Velocity 1.7, all in one process; undefined for each that it refuses. */
export function renderInVelocity(cases: readonly TemplateCase[]): (Rendered | undefined)[] {
  const { stdout, stderr, status } = spawnSync(
    'java',
    ['-XX:TieredStopAtLevel=1', '-cp', path.join(VELOCITY_LIBRARY ?? '', '*'), RENDERER],
    { input: cases.map((rendered) => `${JSON.stringify(rendered)}\n`).join(''), encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`Apache Velocity ended with ${status}: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Rendered | { error: string })
    .map((rendered) => ('error' in rendered ? undefined : rendered));
}
