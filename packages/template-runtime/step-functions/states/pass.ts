import { READS_INPUT } from '../definition/fields';
import type { Fields } from '../definition/fields';
import type { State } from '../execution/interpreter';
import { Visit } from '../execution/visit';

/** A Pass state: hands on its input, or what `Output` makes of it. */
export function compilePass(name: string, fields: Fields): State {
  const templates = { output: fields.template('Output', READS_INPUT), assign: fields.assign(READS_INPUT) };
  const next = fields.next();
  return {
    name,
    type: 'Pass',
    async run(frame, input) {
      const visit = new Visit(frame, 'Pass', name, input);
      return visit.leave(await visit.result(templates, input, visit.bindings(), next));
    },
  };
}
