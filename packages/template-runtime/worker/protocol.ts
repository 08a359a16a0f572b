/** What a thread and its owner exchange. A module that runs as a thread declares its own, and both sides keep to it. */
export interface ThreadProtocol {
  /** What the thread is started with. */
  readonly data: unknown;
  /** What it tells once it is ready. */
  readonly ready: unknown;
  readonly request: unknown;
  readonly answer: unknown;
  /** What it tells unasked. */
  readonly note: unknown;
}

/** The start is the call of this number: the thread answers it without being sent a request. */
export const START = 0;

/** To the thread. */
export interface Call<Request> {
  readonly id: number;
  readonly request: Request;
}

/** From the thread: the end of its start and of each call, and what it tells in between. */
export type ThreadMessage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: PlainError }
  | { readonly note: unknown };

/** An error with what structured cloning drops from it. */
export type PlainError = Pick<NodeJS.ErrnoException, 'name' | 'message' | 'code'>;
