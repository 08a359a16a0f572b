import { randomUUID } from 'node:crypto';
import type { TemplateResource } from '../cloudformation/resource';
import { CURRENT, parseFields, type Secret, type SecretVersion } from './secret';
import { readSecrets } from './template-secrets';

export interface SecretsManagerOptions {
  /** Those of type `AWS::SecretsManager::Secret` and `AWS::SecretsManager::SecretTargetAttachment` are used. */
  readonly resources: readonly TemplateResource[];
  /** Milliseconds since 1970. @default - the machine's clock */
  readonly now?: () => number;
}

/** An answer of the AWS JSON 1.1 protocol. */
export interface SecretsManagerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SecretsManager {
  /**
   * Carries out an action of the API, for the unmodified SDK and CLI.
   *
   * @param action such as `GetSecretValue`
   * @param body JSON
   */
  handle(action: string, body: string): Promise<SecretsManagerAnswer>;
  /**
   * Gives a secret a new value.
   *
   * @param secretId name, ARN, logical id or `Ref` of a secret or of its target attachment
   * @throws Error for a secret that the template doesn't have
   */
  setValue(secretId: string, value: Readonly<Record<string, unknown>>): void;
  /**
   * Like `setValue`, with the fields of the current value that `value` doesn't name.
   *
   * @throws Error for a current value that is no JSON object, too
   */
  mergeValue(secretId: string, value: Readonly<Record<string, unknown>>): void;
}

/** An error of the service's API, by its name. */
class ApiError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

type Parameters = Readonly<Record<string, unknown>>;

/**
 * Secrets Manager with the template's secrets: GetSecretValue, PutSecretValue and DescribeSecret.
 *
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html
 *
 * @throws UnsupportedTemplateError
 */
export function startSecretsManager({ resources, now = Date.now }: SecretsManagerOptions): SecretsManager {
  const { secrets, byReference } = readSecrets(resources, now);

  /** By ARN, by name, or by a partial ARN: one without the six characters at its end. */
  const find = (id: string): Secret | undefined =>
    byReference.get(id) ??
    secrets.find(({ identity: { arn, name } }) => name === id || arn === id || arn.slice(0, -'-123456'.length) === id);
  const get = (parameters: Parameters): Secret => {
    const secret = find(text(parameters, 'SecretId'));
    if (!secret) throw new ApiError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return secret;
  };
  const known = (id: string): Secret => {
    const secret = find(id);
    if (!secret) throw new Error(`The template has no secret ${id}`);
    return secret;
  };

  const actions: Readonly<Record<string, (parameters: Parameters) => unknown>> = {
    GetSecretValue: (parameters) => getValue(get(parameters), parameters),
    PutSecretValue: (parameters) => putValue(get(parameters), parameters),
    DescribeSecret: (parameters) => describe(get(parameters)),
  };

  return {
    handle(action, body) {
      const perform = Object.hasOwn(actions, action) ? actions[action] : undefined;
      try {
        if (!perform) throw new ApiError('UnknownOperationException', `${action} is not emulated`);
        return Promise.resolve(answer(200, perform(parseParameters(body))));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return Promise.resolve(answer(400, { __type: error.name, Message: error.message, message: error.message }));
      }
    },
    setValue(secretId, value) {
      known(secretId).put({ secretString: JSON.stringify(value) });
    },
    mergeValue(secretId, value) {
      const secret = known(secretId);
      const current = secret.stage(CURRENT)?.secretString;
      const fields = current === undefined ? {} : parseFields(current);
      if (!fields) throw new Error(`The value of the secret ${secretId} is no JSON object`);
      secret.put({ secretString: JSON.stringify({ ...fields, ...value }) });
    },
  };
}

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
function getValue(secret: Secret, parameters: Parameters): unknown {
  const id = optionalText(parameters, 'VersionId');
  const stage = optionalText(parameters, 'VersionStage');
  const version = id === undefined ? secret.stage(stage ?? CURRENT) : secret.version(id);
  if (!version) {
    const what = id === undefined ? `staging label: ${stage ?? CURRENT}` : `VersionId: ${id}`;
    throw new ApiError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${what}`,
    );
  }
  if (stage !== undefined && !version.stages.includes(stage)) {
    throw new ApiError(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    );
  }
  return {
    ARN: secret.identity.arn,
    CreatedDate: version.createdMs / 1000,
    Name: secret.identity.name,
    SecretBinary: version.secretBinary,
    SecretString: version.secretString,
    VersionId: version.id,
    VersionStages: version.stages,
  };
}

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
function putValue(secret: Secret, parameters: Parameters): unknown {
  const secretString = optionalText(parameters, 'SecretString');
  const secretBinary = optionalText(parameters, 'SecretBinary');
  if ((secretString === undefined) === (secretBinary === undefined)) {
    throw new ApiError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
  }
  const { VersionStages: stages = [CURRENT] } = parameters;
  if (!Array.isArray(stages) || stages.length === 0 || stages.some((stage) => typeof stage !== 'string')) {
    throw new ApiError('InvalidParameterException', 'VersionStages must be a list of one text or more.');
  }
  const id = optionalText(parameters, 'ClientRequestToken');
  const existing = id === undefined ? undefined : secret.version(id);
  if (existing && (existing.secretString !== secretString || existing.secretBinary !== secretBinary)) {
    throw new ApiError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${existing.id} because that value is already in use for a version of secret ${secret.identity.arn}.`,
    );
  }
  const version: SecretVersion = existing ?? secret.put({ secretString, secretBinary }, id, stages as string[]);
  const { arn, name } = secret.identity;
  return { ARN: arn, Name: name, VersionId: version.id, VersionStages: version.stages };
}

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html */
function describe(secret: Secret): unknown {
  const { arn, name, description } = secret.identity;
  return {
    ARN: arn,
    CreatedDate: secret.createdMs / 1000,
    Description: description,
    LastChangedDate: secret.changedMs / 1000,
    Name: name,
    VersionIdsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages])),
  };
}

function answer(status: number, body: unknown): SecretsManagerAnswer {
  const headers = { 'Content-Type': 'application/x-amz-json-1.1', 'x-amzn-RequestId': randomUUID() };
  return { status, headers, body: JSON.stringify(body) };
}

function parseParameters(body: string): Parameters {
  try {
    const parameters: unknown = JSON.parse(body);
    if (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)) {
      return parameters as Parameters;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ApiError('SerializationException', 'The request must be a JSON object.');
}

function text(parameters: Parameters, name: string): string {
  const value = optionalText(parameters, name);
  if (value !== undefined && value !== '') return value;
  throw new ApiError('ValidationException', `Value at '${name}' failed to satisfy constraint: Member must not be null`);
}

function optionalText(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new ApiError('SerializationException', `${name} must be a text.`);
}
