import { ServiceError } from '../errors';

/**
 * The fields of a Context object.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
const FIELDS: Readonly<Record<string, Readonly<Record<string, 'string' | 'number' | 'any'>>>> = {
  Execution: {
    ...{ Id: 'string', Input: 'any', Name: 'string', RoleArn: 'string', StartTime: 'string' },
    ...{ RedriveCount: 'number', RedriveTime: 'string' },
  },
  State: { EnteredTime: 'string', Name: 'string', RetryCount: 'number' },
  StateMachine: { Id: 'string', Name: 'string' },
  Task: { Token: 'string' },
};

/**
 * Checks a mocked Context object. The messages were recorded on AWS: github.com/localstack/localstack
 * tests/aws/services/stepfunctions/v2/test_state/test_state_context_object.snapshot.json.
 *
 * @param isCallback whether the state waits for more than an answer
 * @throws ServiceError ValidationException
 */
export function checkContext(context: Readonly<Record<string, unknown>>, isCallback: boolean): void {
  for (const [name, value] of Object.entries(context)) {
    if (name === 'Map') refuse("'Map' field is not supported when mocking a Context object");
    if (name === 'Task' && !isCallback) {
      refuse(
        "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
      );
    }
    const known = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (!known) return refuse(`Field '${name}' is not allowed`);
    if (typeof value !== 'object' || value === null) return refuse(`${name} must be an object`);
    for (const [field, content] of Object.entries(value)) {
      const type = Object.hasOwn(known, field) ? known[field] : undefined;
      if (type === undefined) refuse(`Field '${field}' is not allowed`);
      if (type !== 'any' && typeof content !== type) refuse(`${name}.${field} must be a ${type}`);
    }
  }
}

function refuse(problem: string): never {
  throw new ServiceError('ValidationException', `Invalid Context object provided: ${problem}`);
}
