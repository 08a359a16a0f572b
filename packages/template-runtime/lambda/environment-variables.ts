import path from 'node:path';
import type { FunctionConfiguration } from './function-configuration';

/** What the variables of an environment are made of. */
export interface VariableSources {
  readonly configuration: FunctionConfiguration;
  readonly region: string;
  readonly codeDirectory: string;
  readonly logStream: string;
  /** Set for every function, such as the endpoints of the emulated services. */
  readonly base: Readonly<Record<string, string>>;
}

/**
 * All environment variables that a function sees: nothing of this process's own. `NODE_PATH` is where Lambda keeps the AWS
 * SDK, which bundles leave out; here that is the `node_modules` of the working directory.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, "Defined runtime environment variables"
 */
export function environmentVariables(sources: VariableSources): Record<string, string> {
  const { configuration, region, codeDirectory, logStream, base } = sources;
  const { name, handler, runtime, memorySizeMb, logGroup, variables } = configuration;
  return {
    ...variables,
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySizeMb),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    LAMBDA_TASK_ROOT: codeDirectory,
    LANG: 'en_US.UTF-8',
    NODE_PATH: path.resolve('node_modules'),
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: ':UTC',
    ...base,
  };
}
