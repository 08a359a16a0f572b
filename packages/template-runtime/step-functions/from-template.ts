import { UnsupportedTemplateError } from '../cloudformation/resource';
import type { TemplateResource } from '../cloudformation/resource';
import type { Logging, LogLevel } from './execution/log';
import type { StateMachineDefinition } from './state-machines';

/** Without effect here: the role, the tags, and tracing, as nothing reads the traces. */
const KNOWN = new Set([
  ...['DefinitionString', 'Definition', 'DefinitionSubstitutions', 'StateMachineName', 'StateMachineType'],
  ...['RoleArn', 'LoggingConfiguration', 'TracingConfiguration', 'Tags'],
]);

/**
 * The state machines among a template's resources.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
 *
 * @throws UnsupportedTemplateError for what isn't emulated
 */
export function stateMachinesFromTemplate(resources: readonly TemplateResource[]): StateMachineDefinition[] {
  return resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine').map(stateMachine);
}

function stateMachine(resource: TemplateResource): StateMachineDefinition {
  const { properties, physicalId: arn } = resource;
  for (const name of Object.keys(properties)) {
    if (!KNOWN.has(name)) throw new UnsupportedTemplateError(resource, name, 'is not emulated');
  }
  const type = properties.StateMachineType ?? 'STANDARD';
  if (type !== 'STANDARD' && type !== 'EXPRESS') {
    throw new UnsupportedTemplateError(
      resource,
      'StateMachineType',
      `must be STANDARD or EXPRESS, got ${JSON.stringify(type)}`,
    );
  }
  const logging = loggingOf(resource);
  return {
    arn,
    name: resource.attributes.Name ?? arn.slice(arn.lastIndexOf(':') + 1),
    type,
    definition: definitionOf(resource),
    ...(typeof properties.RoleArn === 'string' && { roleArn: properties.RoleArn }),
    ...(logging && { logging }),
  };
}

function definitionOf(resource: TemplateResource): string {
  const { DefinitionString, Definition, DefinitionSubstitutions = {} } = resource.properties;
  const substitutions = DefinitionSubstitutions as Readonly<Record<string, unknown>>;
  if (typeof DefinitionString === 'string') return substitute(DefinitionString, substitutions);
  if (typeof Definition === 'object' && Definition !== null) {
    return substitute(JSON.stringify(Definition), substitutions);
  }
  throw new UnsupportedTemplateError(resource, 'DefinitionString', 'the definition must be written in the template');
}

/** Puts values for `${Name}`; what isn't among them stays, as in CloudFormation. */
function substitute(text: string, substitutions: Readonly<Record<string, unknown>>): string {
  return text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (placeholder, name: string) => {
    const value = Object.hasOwn(substitutions, name) ? substitutions[name] : undefined;
    return typeof value === 'string' ? value : value === undefined ? placeholder : JSON.stringify(value);
  });
}

interface LoggingConfiguration {
  readonly Level?: string;
  readonly IncludeExecutionData?: boolean | string;
  readonly Destinations?: readonly { readonly CloudWatchLogsLogGroup?: { readonly LogGroupArn?: string } }[];
}

const LEVELS: readonly string[] = ['ALL', 'ERROR', 'FATAL', 'OFF'];

function loggingOf(resource: TemplateResource): Logging | undefined {
  const configuration = resource.properties.LoggingConfiguration as LoggingConfiguration | undefined;
  const level = configuration?.Level ?? 'OFF';
  if (!LEVELS.includes(level)) {
    throw new UnsupportedTemplateError(
      resource,
      'LoggingConfiguration.Level',
      `must be one of ${LEVELS.join(', ')}, got ${level}`,
    );
  }
  if (configuration === undefined || level === 'OFF') return undefined;
  const arn = configuration.Destinations?.[0]?.CloudWatchLogsLogGroup?.LogGroupArn;
  const logGroupName = /:log-group:([^:]+)/.exec(arn ?? '')?.[1];
  if (logGroupName === undefined) {
    throw new UnsupportedTemplateError(resource, 'LoggingConfiguration.Destinations', 'must name a log group');
  }
  // CloudFormation takes booleans as strings too.
  return {
    level: level as LogLevel,
    includeExecutionData: String(configuration.IncludeExecutionData) === 'true',
    logGroupName,
  };
}
