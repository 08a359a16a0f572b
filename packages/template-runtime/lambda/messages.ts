/** What the thread of an environment is given at its start. */
export interface EnvironmentData {
  readonly codeDirectory: string;
  /** `index.handler` */
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memorySizeMb: number;
  readonly logGroup: string;
  readonly logStream: string;
}

/** One invocation, to the thread. */
export interface InvocationMessage {
  readonly requestId: string;
  /** The event, as JSON. */
  readonly payload: string;
  /** When the invocation ends at the latest, milliseconds since 1970. */
  readonly deadlineMs: number;
}

/** From the thread. */
export type EnvironmentMessage =
  | { readonly type: 'ready' }
  /** The handler could not be loaded; the thread ends. `payload` is the error's JSON. */
  | { readonly type: 'init-failed'; readonly payload: string }
  | { readonly type: 'log'; readonly message: string }
  | { readonly type: 'returned'; readonly payload: string; readonly heapMb: number }
  /** The handler threw: `payload` is the error's JSON. With `isFatal` the thread ends by itself. */
  | { readonly type: 'threw'; readonly payload: string; readonly heapMb: number; readonly isFatal: boolean };
