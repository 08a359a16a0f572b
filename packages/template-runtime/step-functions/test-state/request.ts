import type { Parameters } from '../api/parameters';
import { ServiceError } from '../errors';
import { parseJson } from '../definition/json-text';
import type { TestStateRequest } from './test-state';

/**
 * Reads the parameters of TestState. The messages were recorded on AWS in github.com/localstack/localstack
 * tests/aws/services/stepfunctions/v2/test_state/*.snapshot.json.
 *
 * @throws ServiceError ValidationException
 */
export function testStateRequest(parameters: Parameters): TestStateRequest {
  const mock = mockOf(parameters);
  const configuration = parameters.structure('stateConfiguration');
  const failedIterations = configuration?.optionalInteger('mapIterationFailureCount');
  if (failedIterations !== undefined && !mock) {
    refuse('TestState does not support MapIterationFailureCount when a mock is not specified.');
  }
  if (configuration?.has('mapItemReaderData')) refuse("'mapItemReaderData' is not emulated by the local runtime");
  if (mock && parameters.optionalBoolean('revealSecrets') === true) {
    refuse('TestState does not support RevealSecrets when a mock is specified.');
  }
  const context = parameters.optionalString('context');
  if (context !== undefined && !mock) refuse('A Context object may only be specified when a mock is specified');
  const stateName = parameters.optionalString('stateName');
  const variables = parameters.optionalString('variables');
  return {
    definition: parameters.string('definition'),
    input: jsonOf(parameters.optionalString('input') ?? '{}', 'Invalid input'),
    inspectionLevel: parameters.optionalOneOf('inspectionLevel', ['INFO', 'DEBUG', 'TRACE']) ?? 'INFO',
    ...(parameters.has('roleArn') && { roleArn: parameters.arn('roleArn') }),
    variables: variables === undefined ? {} : objectOf(variables, 'Invalid variables'),
    ...(stateName !== undefined && { stateName }),
    ...(mock && { mock }),
    ...(context !== undefined && { context: objectOf(context, 'Invalid Context object provided') }),
    usedRetries: configuration?.optionalInteger('retrierRetryCount') ?? 0,
    ...(failedIterations !== undefined && { failedIterations }),
    ...(configuration?.has('errorCausedByState') && { errorCausedByState: configuration.string('errorCausedByState') }),
  };
}

/** A mocked result isn't held against the called service's own model: `fieldValidationMode` is read, and NONE is what it does. */
function mockOf(parameters: Parameters): TestStateRequest['mock'] {
  const mock = parameters.structure('mock');
  if (!mock) return undefined;
  mock.optionalOneOf('fieldValidationMode', ['STRICT', 'PRESENT', 'NONE']);
  const result = mock.optionalString('result');
  const errorOutput = mock.structure('errorOutput');
  if ((result === undefined) === (errorOutput === undefined)) {
    refuse('A test mock should have only one of the following fields: [result, errorOutput].');
  }
  if (result !== undefined) return { result: jsonOf(result, 'Mocked result must be valid JSON', '') };
  return { error: errorOutput?.optionalString('error') ?? '', cause: errorOutput?.optionalString('cause') ?? '' };
}

function jsonOf(text: string, what: string, because = ': '): unknown {
  const { value, problem } = parseJson(text);
  if (problem) refuse(because === '' ? what : `${what}${because}${problem.message}`);
  return value;
}

function objectOf(text: string, what: string): Readonly<Record<string, unknown>> {
  const value = jsonOf(text, what);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return refuse(`${what}: it must be a JSON object`);
}

function refuse(problem: string): never {
  throw new ServiceError('ValidationException', problem);
}
