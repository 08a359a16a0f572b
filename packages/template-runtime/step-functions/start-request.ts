/** What starts an execution. */
export interface StartRequest {
  readonly stateMachineArn: string;
  /** JSON text. @default - an empty object */
  readonly input?: string | undefined;
  /** @default - a random one */
  readonly name?: string | undefined;
}
