import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../lib/project-root';

const run = promisify(execFile);

/** A third-party emulator of AWS that reads CloudFormation and needs no Docker. */
export interface Emulator {
  readonly name: string;
  /** The PyPI package whose version the report names. */
  readonly package: string;
  /** The oldest Python 3 that runs it. */
  readonly python: number;
  /** The account that its credentials belong to. */
  readonly account: string;
  /** The command in the virtual environment's `bin`, its arguments and environment, to listen on a loopback port. */
  command(options: { port: number; folder: string }): {
    readonly file: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
  /** The path that answers 200 once the emulator is ready. */
  readonly healthPath: string;
  /**
   * Puts into the emulator's folder what it would otherwise download while it runs; `shared` outlives one start.
   *
   * @default - nothing
   */
  prepare?(options: { folder: string; shared: string; progress: (line: string) => void }): Promise<void>;
}

export const EMULATORS: readonly Emulator[] = [
  {
    name: 'localstack',
    package: 'localstack-core',
    // Its event bus uses type parameters, which are newer than the 3.10 that its package requires.
    python: 13,
    account: '000000000000',
    command: ({ port, folder }) => ({
      file: 'python',
      args: ['-m', 'localstack.runtime.main'],
      env: {
        GATEWAY_LISTEN: `127.0.0.1:${port}`,
        GATEWAY_SERVER: 'hypercorn', // its default server listens on every interface, whatever GATEWAY_LISTEN says
        OVERRIDE_IN_DOCKER: '0',
        FILESYSTEM_ROOT: folder,
        DYNAMODB_IN_MEMORY: '1',
        SKIP_SSL_CERT_DOWNLOAD: '1',
        DISABLE_EVENTS: '1', // no usage statistics
        DNS_ADDRESS: '0',
      },
    }),
    healthPath: '/_localstack/health',
    prepare: prepareLocalStack,
  },
  {
    name: 'ministack',
    package: 'ministack',
    python: 11,
    account: '000000000000',
    command: ({ port, folder }) => ({
      file: 'ministack',
      args: [],
      env: { BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port), S3_DATA_DIR: path.join(folder, 's3') },
    }),
    healthPath: '/_localstack/health',
  },
  {
    name: 'moto',
    package: 'moto',
    python: 11,
    account: '123456789012',
    command: ({ port }) => ({ file: 'moto_server', args: ['-H', '127.0.0.1', '-p', String(port)], env: {} }),
    healthPath: '/moto-api/data.json',
  },
];

/**
 * Gives LocalStack the Java of this machine, and DynamoDB Local from Maven Central: otherwise it downloads both from
 * other hosts on first use.
 */
async function prepareLocalStack(options: {
  folder: string;
  shared: string;
  progress: (line: string) => void;
}): Promise<void> {
  const libraries = path.join(options.folder, 'var', 'lib', 'localstack', 'lib');
  const javaHome = await run('java', ['-XshowSettings:properties', '-version'])
    .then(({ stderr }) => /java\.home = (.+)/.exec(stderr)?.[1]?.trim())
    .catch(() => undefined);
  if (javaHome === undefined) {
    options.progress('no java here: LocalStack will download one');
    return;
  }
  await mkdir(path.join(libraries, 'java'), { recursive: true });
  await symlink(javaHome, path.join(libraries, 'java', '21'));

  const build = path.join(options.shared, 'dynamodb-local');
  const built = path.join(build, 'target');
  try {
    if (!existsSync(built)) await buildDynamodbLocal(build, options.progress);
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    options.progress(`Maven could not get DynamoDB Local, LocalStack will download it: ${reason}`);
    return;
  }
  await mkdir(path.join(libraries, 'dynamodb-local'));
  await symlink(built, path.join(libraries, 'dynamodb-local', '2'));
}

async function buildDynamodbLocal(folder: string, progress: (line: string) => void): Promise<void> {
  progress('DynamoDB Local, by Maven');
  await mkdir(folder, { recursive: true });
  const pom = path.join(projectRoot(), 'tools', 'second-opinion', 'dynamodb-local.pom.xml');
  await copyFile(pom, path.join(folder, 'pom.xml'));
  await run('mvn', ['--quiet', '--batch-mode', 'package'], { cwd: folder });
}
