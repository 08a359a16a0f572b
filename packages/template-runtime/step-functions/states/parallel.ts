import { READS_INPUT, READS_RESULT } from '../definition/fields';
import type { Fields } from '../definition/fields';
import type { Frame } from '../execution/frame';
import { runGraph } from '../execution/interpreter';
import type { State, StateGraph } from '../execution/interpreter';
import { dataLimitExceeded, Payload } from '../execution/payload';
import { withRetryAndCatch } from '../execution/retry-catch';
import { Visit } from '../execution/visit';
import { runTogether } from './branches';
import { errorPolicies } from './error-policies';

/**
 * A Parallel state: runs its branches at once; its result is the array of their outputs, in the order of the branches.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
 */
export function compileParallel(name: string, fields: Fields, compileGraph: (fields: Fields) => StateGraph): State {
  fields.require('Branches');
  const branches = fields.items('Branches').map(compileGraph);
  if (fields.has('Branches') && branches.length === 0) fields.report('Value cannot be empty', 'Branches');
  const argumentsTemplate = fields.template('Arguments', READS_INPUT);
  const templates = { output: fields.template('Output', READS_RESULT), assign: fields.assign(READS_RESULT) };
  const policies = errorPolicies(fields);
  const next = fields.next();

  const attempt = async (visit: Visit) => {
    const { frame, input } = visit;
    const branchInput = argumentsTemplate
      ? new Payload(await visit.evaluate(argumentsTemplate, visit.bindings()))
      : input;
    if (branchInput.isTooLarge) throw dataLimitExceeded(name);
    frame.add('ParallelStateStarted');
    const { probe } = frame.execution;
    const result = new Payload(probe?.mock ? probe.mock() : await runBranches(frame, branches, branchInput));
    return await visit.result(templates, result, visit.bindings({ result: result.value }), next);
  };

  return {
    name,
    type: 'Parallel',
    branches: branches.length,
    innerStates: branches.flatMap(({ states }) => [...states.keys()]),
    async run(frame, input) {
      const visit = new Visit(frame, 'Parallel', name, input);
      frame.abortable = 'Parallel';
      visit.retryCount = 0;
      const fail = (): void => void frame.add('ParallelStateFailed');
      const exit = await withRetryAndCatch(visit, policies, () => attempt(visit), fail);
      return visit.leave(exit);
    },
  };
}

/** @returns the branches' outputs; the frame then stands at the last branch's last event */
async function runBranches(frame: Frame, graphs: readonly StateGraph[], input: Payload): Promise<unknown[]> {
  const started = frame.previous;
  const outputs = await runTogether(frame, (group) => {
    const branches = graphs.map((graph) => ({ graph, frame: group.frame(started) }));
    return branches.map(async (branch) => {
      const output = await runGraph(branch.graph, branch.frame, input).catch(group.failedIn(branch.frame));
      frame.moveTo(branch.frame.previous);
      return output.value;
    });
  });
  frame.execution.history.add('ParallelStateSucceeded', frame.previous);
  return outputs;
}
