import {
  describeStateMachineOutput,
  seconds,
  stateMachineListItem,
  validationOutput,
  withoutDefinition,
} from './shapes';
import type { Parameters } from './parameters';
import { checkName } from './names';
import { ServiceError } from '../errors';
import type { Logging, LogLevel } from '../execution/log';
import { page } from './pages';
import type { StepFunctionsService } from '../service';

type Action = (service: StepFunctionsService, parameters: Parameters) => unknown;

const TYPES = ['STANDARD', 'EXPRESS'] as const;

/** The API's actions on state machines. Versions, aliases, tags, X-Ray and customer keys are refused by name. */
export const STATE_MACHINE_ACTIONS = {
  ListStateMachines(service, parameters) {
    // AWS lists them by name (recorded).
    const machines = [...service.machines.all].sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, nextToken } = page(machines, parameters, {
      usual: 100,
      of: 'state machines',
      key: ({ arn }) => arn,
    });
    return { stateMachines: items.map(stateMachineListItem), ...nextToken };
  },

  DescribeStateMachine(service, parameters) {
    const machine = service.machines.get(parameters.arn('stateMachineArn', 'stateMachine'));
    const status = service.machines.isDeleting(machine.arn) ? 'DELETING' : 'ACTIVE';
    const output = describeStateMachineOutput(machine, status, (name) => service.logGroupArn(name));
    return parameters.includesData() ? output : withoutDefinition(output);
  },

  CreateStateMachine(service, parameters) {
    refuseNotEmulated(parameters);
    const name = checkName(parameters.string('name'));
    const definition = definitionOf(parameters) ?? parameters.string('definition');
    const roleArn = parameters.arn('roleArn');
    const type = parameters.optionalOneOf('type', TYPES) ?? 'STANDARD';
    const logging = loggingOf(parameters);
    const arn = service.stateMachineArn(name);
    const machine = service.machines.create({ arn, name, type, definition, roleArn, ...(logging && { logging }) });
    return { stateMachineArn: machine.arn, creationDate: seconds(machine.createdMs) };
  },

  UpdateStateMachine(service, parameters) {
    refuseNotEmulated(parameters);
    const arn = parameters.arn('stateMachineArn', 'stateMachine');
    if (!CHANGEABLE.some((name) => parameters.has(name))) {
      throw new ServiceError(
        'MissingRequiredParameter',
        'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
      );
    }
    const definition = definitionOf(parameters);
    const machine = service.machines.update(arn, {
      ...(definition !== undefined && { definition }),
      ...(parameters.has('roleArn') && { roleArn: parameters.arn('roleArn') }),
      ...(parameters.has('loggingConfiguration') && { logging: loggingOf(parameters) }),
    });
    return { updateDate: seconds(machine.updatedMs), revisionId: machine.revisionId };
  },

  DeleteStateMachine(service, parameters) {
    service.deleteStateMachine(parameters.arn('stateMachineArn', 'stateMachine'));
    return {};
  },

  ValidateStateMachineDefinition(service, parameters) {
    const type = parameters.optionalOneOf('type', TYPES) ?? 'STANDARD';
    // Warnings don't exist here: both severities ask for the same list.
    parameters.optionalOneOf('severity', ['ERROR', 'WARNING']);
    const maxResults = parameters.limit('maxResults', 100) || 100;
    return validationOutput(service.problemsOf(parameters.string('definition'), type), maxResults);
  },
} satisfies Record<string, Action>;

const CHANGEABLE = ['definition', 'roleArn', 'loggingConfiguration', 'tracingConfiguration'];

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html, "definition" */
const definitionOf = (parameters: Parameters): string | undefined => parameters.optionalText('definition', 2 ** 20);

const KEY_TYPE = 'AWS_OWNED_KEY';

/** @throws ServiceError ValidationException naming a parameter that would have no effect here */
function refuseNotEmulated(parameters: Parameters): void {
  const refuse = (what: string): never => {
    throw new ServiceError('ValidationException', `${what} by the local runtime`);
  };
  if (parameters.optionalBoolean('publish') === true) refuse("Versions ('publish') are not emulated");
  if (parameters.has('versionDescription')) {
    throw new ServiceError('ValidationException', 'Version description can only be set when publish is true');
  }
  if (parameters.list('tags').length > 0) refuse("'tags' are not emulated");
  if (parameters.structure('tracingConfiguration')?.optionalBoolean('enabled') === true) {
    refuse("X-Ray ('tracingConfiguration') is not emulated");
  }
  if ((parameters.structure('encryptionConfiguration')?.optionalString('type') ?? KEY_TYPE) !== KEY_TYPE) {
    refuse("Customer managed keys ('encryptionConfiguration') are not emulated");
  }
}

const LEVELS = ['ALL', 'ERROR', 'FATAL', 'OFF'] as const satisfies readonly LogLevel[];

/**
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_LoggingConfiguration.html; the messages were
 * recorded in github.com/localstack/localstack tests/aws/services/stepfunctions/v2/test_sfn_api_logs.snapshot.json
 */
function loggingOf(parameters: Parameters): Logging | undefined {
  const configuration = parameters.structure('loggingConfiguration');
  const level = configuration?.optionalOneOf('level', LEVELS) ?? 'OFF';
  if (!configuration || level === 'OFF') return undefined;
  const [destination, ...others] = configuration.list('destinations');
  const arn = destination?.structure('cloudWatchLogsLogGroup')?.optionalString('logGroupArn');
  if (arn === undefined || others.length > 0) {
    throw new ServiceError(
      'InvalidLoggingConfiguration',
      'Invalid Logging Configuration: Must specify exactly one Log Destination.',
    );
  }
  const logGroupName = /^arn:aws[\w-]*:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(arn)?.[1];
  if (logGroupName === undefined) {
    throw new ServiceError('InvalidLoggingConfiguration', 'Invalid Logging Configuration: Log Destination not found.');
  }
  return { level, includeExecutionData: configuration.optionalBoolean('includeExecutionData') ?? false, logGroupName };
}
