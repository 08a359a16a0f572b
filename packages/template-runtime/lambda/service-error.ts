/** The Lambda service refuses a call: no function ran. Named as Step Functions names it. */
export class LambdaServiceError extends Error {
  constructor(
    override readonly name: `Lambda.${string}`,
    message: string,
    status: number,
    requestId: string,
  ) {
    super(`${message} (Service: Lambda, Status Code: ${status}, Request ID: ${requestId})`);
  }
}
