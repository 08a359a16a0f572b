import { ServiceError } from '../errors';

/**
 * Checks the name of an execution or of a state machine.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html, "name"
 *
 * @throws ServiceError ValidationException, InvalidName
 */
export function checkName(name: string): string {
  if (name.length < 1 || name.length > 80) {
    const constraint = name === '' ? 'greater than or equal to 1' : 'less than or equal to 80';
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must have length ${constraint}`,
    );
  }
  if (/[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u.test(name))
    throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
  return name;
}
