import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project-root';
import { atExit } from './at-exit';

export interface SynthesizeOptions {
  /** The folder for the cloud assembly, from the project's root. It is gone when the process has ended. */
  readonly outputFolder: string;
  /** Settings that override those of `.env` and the environment. @default - none */
  readonly settings?: Readonly<Record<string, string>>;
  /** Ends the process. @default - it runs to its end */
  readonly signal?: AbortSignal;
}

/**
 * Synthesizes the CDK app in a process of its own, so that its memory is free again afterwards.
 *
 * @returns the cloud assembly's absolute folder
 * @throws Error with what the app printed when it fails
 */
export function synthesize({ outputFolder, settings = {}, signal }: SynthesizeOptions): Promise<string> {
  const root = projectRoot();
  const assembly = path.resolve(root, outputFolder);
  // The same context that the CDK CLI would pass on from cdk.json.
  const { context } = JSON.parse(readFileSync(path.join(root, 'cdk.json'), 'utf8')) as { context: unknown };
  const app = spawn(process.execPath, [path.join(root, 'dist', 'bin', 'atomic-counter.js')], {
    cwd: root,
    env: {
      ...process.env,
      ...settings,
      CDK_OUTDIR: assembly,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      // Whether CloudFormation would take the template is for `cdk synth` to tell: its rules take longer than all the rest.
      // Source: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.AppProps.html#builtincloudformationvalidation
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  signal?.addEventListener('abort', () => app.kill(), { once: true });
  atExit(() => {
    app.kill('SIGKILL'); // or it would write on
    rmSync(assembly, { recursive: true, force: true });
  });
  let errors = '';
  app.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve, reject) => {
    app.once('error', reject);
    app.once('close', (code) => {
      if (code === 0) resolve(assembly);
      else reject(new Error(errors.trim() || `the synthesis of the CDK app ended with ${code}`));
    });
  });
}
