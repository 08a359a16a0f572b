import { randomUUID } from 'node:crypto';
import { asParsed } from '../../as-parsed';
import { Parameters } from './parameters';
import { ServiceError } from '../errors';
import { EXECUTION_ACTIONS } from './execution-actions';
import type { StepFunctionsService } from '../service';
import { STATE_MACHINE_ACTIONS } from './state-machine-actions';
import { testStateRequest } from '../test-state/request';

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What `JSON.parse` makes of the body, anew for each call. */
  document(): unknown;
}

type Action = (service: StepFunctionsService, parameters: Parameters) => unknown;

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html */
const ACTIONS: Readonly<Record<string, Action>> = {
  ...EXECUTION_ACTIONS,
  ...STATE_MACHINE_ACTIONS,
  TestState: (service, parameters) => service.testState(testStateRequest(parameters)),
};

/**
 * Answers one call of the AWS JSON 1.0 protocol; errors are answers too.
 *
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export async function handleApiCall(service: StepFunctionsService, action: string, body: string): Promise<ApiResponse> {
  try {
    const call = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!call) throw new ServiceError('UnknownOperationException', `The action ${action} is not emulated`);
    return new JsonResponse(200, await call(service, Parameters.parse(body)));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return new JsonResponse(error.status, { __type: error.name, message: error.message });
  }
}

/** Printed when somebody reads it as a text: API Gateway takes fields of it. */
class JsonResponse implements ApiResponse {
  readonly headers = { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': randomUUID() };

  constructor(
    readonly status: number,
    private readonly output: unknown,
  ) {}

  get body(): string {
    return JSON.stringify(this.output);
  }

  document(): unknown {
    return asParsed(this.output);
  }
}
