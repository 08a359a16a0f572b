import { type TemplateResource, UnsupportedTemplateError } from '../cloudformation/resource';
import { generateSecretString } from './generated-string';
import { CURRENT, parseFields, Secret, type SecretIdentity } from './secret';

const OTHER_FIELDS = ['Description', 'KmsKeyId', 'Name', 'Tags'];

/** `{{resolve:secretsmanager:<secret>:SecretString:<key>:<stage>:<version>}}` */
const REFERENCE = /\{\{resolve:secretsmanager:(.+?):SecretString(?::([^:}]*))?(?::([^:}]*))?(?::([^:}]*))?\}\}/g;

/** The template's secrets, by every id that a resource of the template is known by. */
export interface TemplateSecrets {
  readonly secrets: readonly Secret[];
  /** By logical id, by `Ref`, and by the `Ref` of a target attachment. */
  readonly byReference: ReadonlyMap<string, Secret>;
}

/**
 * Makes the secrets of the template: with the given value, a generated one, or none. A value's references to other secrets
 * are resolved.
 *
 * A `SecretTargetAttachment` adds the address of a database that isn't emulated; the caller that runs an embedded one
 * sets it.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
 *
 * @throws UnsupportedTemplateError
 */
export function readSecrets(resources: readonly TemplateResource[], now: () => number): TemplateSecrets {
  const byReference = new Map<string, Secret>();
  const made = resources
    .filter(({ type }) => type === 'AWS::SecretsManager::Secret')
    .map((resource) => {
      const secret = new Secret(readIdentity(resource), now);
      byReference.set(resource.logicalId, secret).set(resource.physicalId, secret);
      return { resource, secret, value: readValue(resource) };
    });
  for (const resource of resources.filter(({ type }) => type === 'AWS::SecretsManager::SecretTargetAttachment')) {
    const secret = byReference.get(String(resource.properties['SecretId']));
    if (!secret) throw new UnsupportedTemplateError(resource, 'SecretId', 'is no secret of the template');
    byReference.set(resource.logicalId, secret).set(resource.physicalId, secret);
  }
  const isResolved = (value: string): boolean => !value.includes('{{resolve:');
  for (const { secret, value } of made) {
    if (value !== undefined && isResolved(value)) secret.put({ secretString: value });
  }
  for (const { resource, secret, value } of made) {
    if (value === undefined || isResolved(value)) continue;
    secret.put({ secretString: resolveReferences(resource, value, byReference) });
  }
  return { secrets: made.map(({ secret }) => secret), byReference };
}

function readIdentity({ attributes, physicalId, properties }: TemplateResource): SecretIdentity {
  const { Description: description } = properties;
  const arn = attributes['Arn'] ?? physicalId;
  return { arn, name: secretName(arn), description: typeof description === 'string' ? description : undefined };
}

/** The value as the template has it; undefined where it gives none. */
function readValue(resource: TemplateResource): string | undefined {
  const { SecretString: given, GenerateSecretString: generation, ...others } = resource.properties;
  for (const field of Object.keys(others)) {
    if (!OTHER_FIELDS.includes(field)) throw new UnsupportedTemplateError(resource, field, 'is not emulated');
  }
  if (given !== undefined && generation !== undefined) {
    throw new UnsupportedTemplateError(resource, 'SecretString', 'stands beside GenerateSecretString');
  }
  if (generation !== undefined) return generateSecretString(resource, generation as Record<string, unknown>);
  if (given === undefined || typeof given === 'string') return given;
  throw new UnsupportedTemplateError(resource, 'SecretString', 'must be a text');
}

/** The name in a secret's ARN, without the six characters that Secrets Manager adds to it. */
function secretName(arn: string): string {
  return arn.replace(/^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:/, '').replace(/-[A-Za-z0-9]{6}$/, '');
}

/**
 * Resolves the references to other secrets as CloudFormation does when it creates the secret.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 */
function resolveReferences(resource: TemplateResource, value: string, secrets: ReadonlyMap<string, Secret>): string {
  const unsupported = (reason: string): UnsupportedTemplateError =>
    new UnsupportedTemplateError(resource, 'SecretString', reason);
  const resolved = value.replace(REFERENCE, (...match: string[]) => {
    const [reference = '', id = '', key = '', stage = '', version = ''] = match;
    const secret = secrets.get(id);
    const found = version === '' ? secret?.stage(stage === '' ? CURRENT : stage) : secret?.version(version);
    const text = found?.secretString;
    if (text === undefined) throw unsupported(`${reference} has no value`);
    if (key === '') return text;
    const field = parseFields(text)?.[key];
    if (field === undefined) throw unsupported(`${reference} has no field ${key}`);
    return typeof field === 'string' ? field : JSON.stringify(field);
  });
  if (resolved.includes('{{resolve:')) throw unsupported('only references to secrets are emulated');
  return resolved;
}
