import { StateError } from '../errors';
import type { Fields } from '../definition/fields';
import type { State } from '../execution/interpreter';
import { typedField } from '../definition/typed-field';
import { Visit } from '../execution/visit';

/** A Fail state: ends its machine or branch with an error. */
export function compileFail(name: string, fields: Fields): State {
  const error = typedField(fields, 'Error', 'string');
  const cause = typedField(fields, 'Cause', 'string');
  return {
    name,
    type: 'Fail',
    async run(frame, input) {
      const visit = new Visit(frame, 'Fail', name, input);
      throw new StateError(await error?.read(visit), await cause?.read(visit));
    },
  };
}
