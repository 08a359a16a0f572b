/** What the thread of a store is given at its start. */
export interface StoreThreadData {
  /** The compiled module: a file, or a folder with an index. */
  readonly file: string;
  /** Name of the export that starts the store. */
  readonly start: string;
  readonly options: unknown;
  /** One number: 1 while the thread is frozen. */
  readonly frozen: SharedArrayBuffer;
}

export type StoreCommand = 'stop' | 'start' | 'close' | 'freeze';

/** An error with what structured cloning drops from it. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
}

/** To the thread. */
export interface StoreRequest {
  readonly id: number;
  readonly command: StoreCommand;
}

/** From the thread: whether the store started, then the answer to each request. */
export type StoreMessage =
  | { readonly type: 'started'; readonly port: number }
  | { readonly type: 'failed'; readonly error: PlainError }
  | { readonly type: 'done'; readonly id: number; readonly error?: PlainError };
