import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { awsEndpoint } from '../../http/aws-endpoint';
import { type HttpServer, startHttpServer } from '../../http/server';
import { type SecretsManager, startSecretsManager } from '../../secrets-manager';
import type { TemplateResource } from '../../cloudformation/resource';

const ARN_PREFIX = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:';

function secret(logicalId: string, properties: Record<string, unknown>): TemplateResource {
  const { Name: name = `stack-${logicalId}` } = properties as { Name?: string };
  const arn = `${ARN_PREFIX}${name}-local1`;
  return {
    logicalId,
    type: 'AWS::SecretsManager::Secret',
    physicalId: arn,
    attributes: { Arn: arn },
    properties,
    metadata: {},
  };
}

const attachment: TemplateResource = {
  logicalId: 'Attachment',
  type: 'AWS::SecretsManager::SecretTargetAttachment',
  physicalId: `${ARN_PREFIX}stack-Attachment`,
  attributes: {},
  properties: { SecretId: `${ARN_PREFIX}stack-Empty-local1`, TargetId: 'cluster', TargetType: 'AWS::DocDB::DBCluster' },
  metadata: {},
};

const resources = [
  secret('Given', { Name: 'stack/redis', SecretString: '{"host":"h","port":6379}', Description: 'the address' }),
  secret('Empty', {}),
  attachment,
];

const start = (template: TemplateResource[]): SecretsManager => startSecretsManager({ resources: template });

/** The value of a secret, by the API. */
async function valueOf(secrets: SecretsManager, id: string): Promise<string> {
  const { body } = await secrets.handle('GetSecretValue', JSON.stringify({ SecretId: id }));
  return (JSON.parse(body) as { SecretString: string }).SecretString;
}

describe('the service, through the unmodified SDK', () => {
  let server: HttpServer;
  let client: SecretsManagerClient;

  beforeAll(async () => {
    const secrets = start(resources);
    const routes = [awsEndpoint({ secretsmanager: (action, body) => secrets.handle(action, body) })];
    server = await startHttpServer({ port: 0, routes });
    client = new SecretsManagerClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });

  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  it.each([
    ['its name', 'stack/redis'],
    ['its ARN', `${ARN_PREFIX}stack/redis-local1`],
    ['its partial ARN', `${ARN_PREFIX}stack/redis`],
  ])('gives the value by %s', async (_, SecretId) => {
    const answer = await client.send(new GetSecretValueCommand({ SecretId }));

    expect(answer).toMatchObject({
      ARN: `${ARN_PREFIX}stack/redis-local1`,
      Name: 'stack/redis',
      SecretString: '{"host":"h","port":6379}',
      VersionId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      VersionStages: ['AWSCURRENT'],
      CreatedDate: expect.any(Date) as Date,
    });
  });

  // Texts as AWS answers: https://github.com/aws/aws-sdk-js-v3/issues/7701, https://github.com/boto/boto3/issues/2794
  it.each([
    ['a secret that is not there', 'none', "Secrets Manager can't find the specified secret."],
    [
      'a secret without a value',
      'stack-Empty',
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    ],
  ])("says that it can't find %s", async (_, SecretId, message) => {
    await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('keeps the previous value when a new one is put', async () => {
    const SecretId = 'stack/redis';
    const before = await client.send(new GetSecretValueCommand({ SecretId }));

    const put = await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'new' }));
    const current = await client.send(new GetSecretValueCommand({ SecretId }));
    const previous = await client.send(new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPREVIOUS' }));
    const byId = await client.send(new GetSecretValueCommand({ SecretId, VersionId: before.VersionId }));
    const described = await client.send(new DescribeSecretCommand({ SecretId }));

    expect(put.VersionStages).toEqual(['AWSCURRENT']);
    expect(current).toMatchObject({ SecretString: 'new', VersionId: put.VersionId });
    expect(previous.SecretString).toBe(before.SecretString);
    expect(byId).toMatchObject({ SecretString: before.SecretString, VersionStages: ['AWSPREVIOUS'] });
    expect(described).toMatchObject({
      Name: SecretId,
      Description: 'the address',
      VersionIdsToStages: {
        [String(put.VersionId)]: ['AWSCURRENT'],
        [String(before.VersionId)]: ['AWSPREVIOUS'],
      },
    });
  });

  it('keeps binary values', async () => {
    const SecretId = 'stack-Empty';

    await client.send(new PutSecretValueCommand({ SecretId, SecretBinary: Uint8Array.of(0, 255, 7) }));
    const { SecretBinary, SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));

    expect(Array.from(SecretBinary ?? [])).toEqual([0, 255, 7]);
    expect(SecretString).toBeUndefined();
  });

  it('puts a repeated request once, and refuses its token for another value', async () => {
    const request = { SecretId: 'stack/redis', ClientRequestToken: '00000000-0000-4000-8000-000000000000' };

    const first = await client.send(new PutSecretValueCommand({ ...request, SecretString: 'once' }));
    const again = await client.send(new PutSecretValueCommand({ ...request, SecretString: 'once' }));
    const other = client.send(new PutSecretValueCommand({ ...request, SecretString: 'twice' }));

    expect(again.VersionId).toBe(first.VersionId);
    await expect(other).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  it('refuses an action that it does not know, by name', async () => {
    await expect(client.send(new ListSecretsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'ListSecrets is not emulated',
    });
  });
});

describe('a request that is wrong', () => {
  it.each([
    ['no JSON', 'GetSecretValue', '{', 'SerializationException'],
    ['no object', 'GetSecretValue', '[]', 'SerializationException'],
    ['no secret', 'GetSecretValue', '{}', 'ValidationException'],
    ['a number as the secret', 'GetSecretValue', '{"SecretId":7}', 'SerializationException'],
    ['no value', 'PutSecretValue', '{"SecretId":"stack/redis"}', 'InvalidParameterException'],
    ['an inherited name', 'constructor', '{}', 'UnknownOperationException'],
    [
      "a stage that isn't the version's",
      'GetSecretValue',
      '{"SecretId":"stack/redis","VersionStage":"OTHER"}',
      'ResourceNotFoundException',
    ],
  ])('with %s is answered by the error', async (_, action, body, type) => {
    const answer = await start(resources).handle(action, body);

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ __type: type });
  });
});

describe('the value of a secret of the template', () => {
  it('can be generated, under a key of a template', async () => {
    const generation = {
      SecretStringTemplate: '{"username":"counter"}',
      GenerateStringKey: 'password',
      PasswordLength: 41,
      ExcludeCharacters: '"@/',
    };
    const secrets = start([secret('Generated', { GenerateSecretString: generation })]);

    const value = JSON.parse(await valueOf(secrets, 'stack-Generated')) as Record<string, string>;

    expect(value['username']).toBe('counter');
    expect(value['password']).toMatch(/^[^"@/\s]{41}$/);
    expect(value['password']).toMatch(/[a-z]/);
    expect(value['password']).toMatch(/[A-Z]/);
    expect(value['password']).toMatch(/\d/);
    expect(value['password']).toMatch(/[^A-Za-z0-9]/);
  });

  it.each([
    [{}, /^[!-~]{32}$/],
    [{ PasswordLength: 64, ExcludePunctuation: true }, /^[A-Za-z0-9]{64}$/],
    [{ PasswordLength: 6, ExcludePunctuation: true, ExcludeLowercase: true, ExcludeUppercase: true }, /^\d{6}$/],
    [{ PasswordLength: 1, RequireEachIncludedType: false }, /^[!-~]$/],
  ])('can be a generated password: %j', async (generation, expected) => {
    const template = [secret('Generated', { GenerateSecretString: generation })];

    expect(await valueOf(start(template), 'stack-Generated')).toMatch(expected);
  });

  it('differs each time that it is generated', async () => {
    const template = [secret('Generated', { GenerateSecretString: {} })];

    expect(await valueOf(start(template), 'stack-Generated')).not.toBe(
      await valueOf(start(template), 'stack-Generated'),
    );
  });

  it('can refer to other secrets, wherever they stand in the template', async () => {
    const token = secret('Token', { SecretString: '{"password":"pa$$word","port":7}' });
    const reference = (rest: string): string => `{{resolve:secretsmanager:${token.physicalId}:SecretString:${rest}}}`;
    const connection = secret('Connection', {
      SecretString: `{"password":"${reference('password::')}","port":${reference('port')}}`,
    });

    const secrets = start([connection, token]);

    expect(await valueOf(secrets, 'stack-Connection')).toBe('{"password":"pa$$word","port":7}');
  });

  it('can be set and merged by who runs the stores, by any of its ids', async () => {
    const secrets = start(resources);

    secrets.setValue('Given', { host: '127.0.0.1', port: 1 });
    secrets.mergeValue('stack/redis', { port: 2, tls: false });
    secrets.setValue(attachment.physicalId, { port: 3 });

    expect(JSON.parse(await valueOf(secrets, 'stack/redis'))).toEqual({ host: '127.0.0.1', port: 2, tls: false });
    expect(JSON.parse(await valueOf(secrets, 'stack-Empty'))).toEqual({ port: 3 });
    expect(() => secrets.setValue('none', {})).toThrow('The template has no secret none');
  });

  it('is never shown by an error', () => {
    const token = secret('Token', { SecretString: 'hunter2' });
    const reference = `{{resolve:secretsmanager:${token.physicalId}:SecretString:password}}`;

    expect(() => start([token]).mergeValue('Token', {})).toThrow(/^The value of the secret Token is no JSON object$/);
    expect(() => start([token, secret('Odd', { SecretString: reference })])).toThrow(/has no field password$/);
  });
});

describe('a secret that can not be emulated ends the start', () => {
  it.each<[string, Record<string, unknown>]>([
    ['ReplicaRegions: is not emulated', { ReplicaRegions: [] }],
    ['SecretString: stands beside GenerateSecretString', { SecretString: 'a', GenerateSecretString: {} }],
    ['SecretString: must be a text', { SecretString: 7 }],
    ['SecretString: only references to secrets are emulated', { SecretString: '{{resolve:ssm:/a}}' }],
    [
      'SecretString: {{resolve:secretsmanager:none:SecretString:a}} has no value',
      { SecretString: '{{resolve:secretsmanager:none:SecretString:a}}' },
    ],
    ['GenerateSecretString.Pattern: is not emulated', { GenerateSecretString: { Pattern: 'x' } }],
    ['GenerateSecretString.PasswordLength: must be', { GenerateSecretString: { PasswordLength: 0 } }],
    ['GenerateSecretString.PasswordLength: is shorter than', { GenerateSecretString: { PasswordLength: 3 } }],
    [
      'GenerateSecretString.SecretStringTemplate: must be a JSON object',
      { GenerateSecretString: { SecretStringTemplate: '{', GenerateStringKey: 'a' } },
    ],
  ])('%s', (message, properties) => {
    expect(() => start([secret('Odd', properties)])).toThrow(`Odd (AWS::SecretsManager::Secret) ${message}`);
  });

  it('also where an attachment has no secret', () => {
    expect(() => start([attachment])).toThrow('Attachment (AWS::SecretsManager::SecretTargetAttachment) SecretId');
  });
});
