import type { IncomingMessage } from 'node:http';
import type { StepFunctions } from '../../step-functions';
import { ApiProblem } from '../http/answers';
import { readBody } from '../http/body';
import type { StopBody } from '../shapes';

/**
 * Stops an execution, Express ones too, which StopExecution doesn't support on AWS.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
 *
 * @throws ApiProblem where it isn't there, has ended, or an argument is refused
 */
export async function stopExecution(stepFunctions: StepFunctions, request: IncomingMessage): Promise<StopBody> {
  const { executionArn, error, cause } = await readBody<StopBody>(request);
  const execution = stepFunctions.executions().find(({ arn }) => arn === executionArn);
  if (execution && execution.status !== 'RUNNING') throw new ApiProblem(409, 'The execution has ended already');
  const { status, body } = await stepFunctions.handle('StopExecution', JSON.stringify({ executionArn, error, cause }));
  if (status === 200) return { executionArn: execution?.arn ?? '' };
  const { __type: name, message } = JSON.parse(body) as { __type: string; message: string };
  throw new ApiProblem(status, `${name}: ${message}`);
}
