import { READS_INPUT } from '../definition/fields';
import type { Fields } from '../definition/fields';
import type { State } from '../execution/interpreter';
import { Visit } from '../execution/visit';

/** A Succeed state: ends its machine or branch with its input, or with what `Output` makes of it. */
export function compileSucceed(name: string, fields: Fields): State {
  const output = fields.template('Output', READS_INPUT);
  return {
    name,
    type: 'Succeed',
    async run(frame, input) {
      const visit = new Visit(frame, 'Succeed', name, input);
      return visit.leave(await visit.result({ output }, input, visit.bindings()));
    },
  };
}
