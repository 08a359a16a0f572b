import { type TemplateResource, UnsupportedTemplateError } from '../cloudformation/resource';

/** What the template says about a function. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  readonly handler: string;
  readonly runtime: string;
  readonly memorySizeMb: number;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** How many invocations may be under way; undefined where the function has no reservation. */
  readonly reservedConcurrency: number | undefined;
}

/** Fields that are read below, or by who resolves the code. */
const EMULATED = [
  'Code',
  'Environment',
  'FunctionName',
  'Handler',
  'LoggingConfig',
  'MemorySize',
  'ReservedConcurrentExecutions',
  'Runtime',
  'Timeout',
];

/** Fields that change nothing on loopback: permissions, networks, the processor, descriptions. */
const WITHOUT_EFFECT = [
  'Architectures',
  'Description',
  'EphemeralStorage',
  'KmsKeyArn',
  'PackageType',
  'RecursiveLoop',
  'Role',
  'RuntimeManagementConfig',
  'Tags',
  'TracingConfig',
  'VpcConfig',
];

/**
 * Reads an `AWS::Lambda::Function`; defaults are CloudFormation's.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
 *
 * @throws UnsupportedTemplateError for a field or a value that isn't emulated
 */
export function readFunction(resource: TemplateResource): FunctionConfiguration {
  const { properties, physicalId: name, attributes } = resource;
  const unsupported = (field: string, reason: string): UnsupportedTemplateError =>
    new UnsupportedTemplateError(resource, field, reason);
  for (const field of Object.keys(properties)) {
    if (!EMULATED.includes(field) && !WITHOUT_EFFECT.includes(field)) throw unsupported(field, 'is not emulated');
  }
  const { Handler: handler, Runtime: runtime } = properties;
  if (typeof runtime !== 'string' || !/^nodejs\d+\.x$/.test(runtime)) {
    throw unsupported('Runtime', `must be a Node.js runtime, got ${JSON.stringify(runtime)}`);
  }
  if (typeof handler !== 'string' || !/^[^.]+\.[^.].*$/.test(handler)) {
    throw unsupported('Handler', `must be a file's and an export's name, got ${JSON.stringify(handler)}`);
  }
  if ((properties['PackageType'] ?? 'Zip') !== 'Zip') throw unsupported('PackageType', 'only Zip is emulated');

  const number = (field: string, fallback: number, from: number, to: number): number => {
    const value = Number(properties[field] ?? fallback);
    if (Number.isInteger(value) && value >= from && value <= to) return value;
    throw unsupported(field, `must be a whole number from ${from} to ${to}, got ${JSON.stringify(properties[field])}`);
  };
  return {
    name,
    arn: attributes['Arn'] ?? name,
    handler,
    runtime,
    memorySizeMb: number('MemorySize', 128, 128, 10_240),
    timeoutSeconds: number('Timeout', 3, 1, 900),
    variables: readVariables(resource),
    logGroup: readLogGroup(resource),
    reservedConcurrency:
      properties['ReservedConcurrentExecutions'] === undefined
        ? undefined
        : number('ReservedConcurrentExecutions', 0, 0, Number.MAX_SAFE_INTEGER),
  };
}

function readVariables(resource: TemplateResource): Record<string, string> {
  const { Variables = {} } = (resource.properties['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(Variables).map(([name, value]) => {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
        return [name, String(value)];
      }
      throw new UnsupportedTemplateError(resource, `Environment.Variables.${name}`, 'must be a text');
    }),
  );
}

function readLogGroup(resource: TemplateResource): string {
  const logging = (resource.properties['LoggingConfig'] ?? {}) as Record<string, unknown>;
  for (const [field, value] of Object.entries(logging)) {
    if (field === 'LogGroup' || (field === 'LogFormat' && value === 'Text')) continue;
    throw new UnsupportedTemplateError(
      resource,
      `LoggingConfig.${field}`,
      'only LogGroup and LogFormat Text are emulated',
    );
  }
  const { LogGroup = `/aws/lambda/${resource.physicalId}` } = logging;
  if (typeof LogGroup === 'string') return LogGroup;
  throw new UnsupportedTemplateError(resource, 'LoggingConfig.LogGroup', 'must be a text');
}
