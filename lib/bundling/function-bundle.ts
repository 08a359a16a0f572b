import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { BuildOptions } from 'esbuild';
import { LEAN_MODULES, type LeanModules } from './lean-modules';
import { projectRoot } from '../project-root';

/** Waits for a bundle. */
type TakeBundle = (entry: string) => Uint8Array;

/** What the thread sends: the bundles by file, or why there are none. */
interface BundleResult {
  readonly bundles?: ReadonlyMap<string, Uint8Array>;
  readonly failure?: string;
}

/** What {@link beginBundles} began, by entry. */
const begun = new Map<string, TakeBundle>();

/**
 * Begins to bundle functions in the background, for {@link bundleFunction} to take: while CDK creates the constructs before
 * them, and together, since they share most of their modules.
 *
 * @param entries the TypeScript files that export `handler`, from the project's root; those already begun are left out
 */
export function beginBundles(entries: readonly string[]): void {
  const missing = entries.filter((entry) => !begun.has(entry));
  if (missing.length === 0) return;
  const take = bundle(missing);
  for (const entry of missing) begun.set(entry, take);
}

/**
 * The code of a Lambda function, bundled by esbuild in this process: CDK's own `NodejsFunction` starts a shell and a
 * new esbuild for every function, which takes most of a synth's time.
 *
 * @param entry the TypeScript file that exports `handler`, and `connectAhead` if it has anything to do while it loads, from
 *   the project's root
 */
export function bundleFunction(entry: string): Code {
  return Code.fromAsset(path.join(projectRoot(), 'functions'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the local bundling below either succeeds or throws esbuild's own message.
      image: DockerImage.fromRegistry('public.ecr.aws/sam/build-nodejs24.x'),
      command: [entry], // not run either, but CDK distinguishes bundles of one folder by it
      local: {
        tryBundle(outputDirectory) {
          writeFunction(entry, outputDirectory);
          return true;
        },
      },
    },
  });
}

/** What Lambda loads of {@link bundleFunction}'s code, and calls. */
export const FUNCTION_HANDLER = 'function.handler';

/**
 * Writes a function's code into a folder: its bundle, `index.js`, and the module that Lambda loads, which may await.
 *
 * @throws Error with esbuild's message, or with the name of a missing module
 */
export function writeFunction(entry: string, folder: string): void {
  const take = begun.get(entry) ?? bundle([entry]);
  writeFileSync(path.join(folder, 'index.js'), take(entry));
  copyFileSync(path.join(projectRoot(), 'lib', 'bundling', 'function.mjs'), path.join(folder, 'function.mjs'));
}

export interface BundleOptions {
  /**
   * What to leave out of which modules; the others stay as published.
   *
   * @default LEAN_MODULES
   */
  readonly modules?: LeanModules;
  /**
   * Whether to bundle the AWS SDK. The Lambda runtime's own, in many files, takes longer to load.
   * Source: https://aws.amazon.com/blogs/developer/reduce-lambda-cold-start-times-migrate-to-aws-sdk-for-javascript-v3/
   *
   * @default true
   */
  readonly includeSdk?: boolean;
}

/**
 * Bundles a function into one file.
 *
 * @throws Error with esbuild's message, or with the name of a missing module
 */
export function writeBundle(entry: string, outfile: string, options: BundleOptions = {}): void {
  writeFileSync(outfile, bundle([entry], options)(entry));
}

/**
 * Bundles functions in a thread, by one build: what several import is read, cut and parsed once.
 *
 * @returns what waits for a bundle, and throws as {@link writeBundle} does
 */
function bundle(
  entries: readonly string[],
  { modules = LEAN_MODULES, includeSdk = true }: BundleOptions = {},
): TakeBundle {
  const root = projectRoot();
  const options: BuildOptions = {
    absWorkingDir: root,
    entryPoints: [...entries],
    outdir: root,
    outbase: root,
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'], // from the SDK's ECMAScript modules esbuild drops what isn't imported
    supported: { 'dynamic-import': false }, // one file: `import()` of Node's own modules becomes a `require`
    external: includeSdk ? [] : ['@aws-sdk/*'],
    legalComments: 'none',
    logLevel: 'silent', // the message says it
  };
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(path.join(root, 'lib', 'bundling', 'bundle-worker.mjs'), {
    workerData: { options, modules, port: port2, done },
    transferList: [port2],
  });
  worker.unref();

  let result: BundleResult | undefined;
  return (entry) => {
    Atomics.wait(done, 0, 0);
    result ??= receiveMessageOnPort(port1)?.message as BundleResult;
    const contents = result.bundles?.get(path.join(root, entry.replace(/\.ts$/, '.js')));
    if (contents) return contents;
    throw new Error(`${entry} could not be bundled: ${result.failure}`);
  };
}
