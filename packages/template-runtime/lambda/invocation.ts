/** One invocation of a function, by which its lines are found in the function's log. */
export interface Invocation {
  /** As in the lines `START RequestId: …` to `REPORT RequestId: …`. */
  readonly requestId: string;
  readonly logGroupName: string;
}
