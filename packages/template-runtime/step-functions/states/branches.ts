import { StateError } from '../errors';
import { ScopeEnded } from '../execution/frame';
import type { Frame } from '../execution/frame';
import { Scope } from '../../scope';

const STATE_ENDED = new ScopeEnded('the state has ended');
const BRANCH_FAILED = new ScopeEnded('another branch has failed');

/** What runs at once inside a Parallel or Map state: the first failure ends all of it. */
export class Group {
  readonly #scope: Scope;
  readonly #frames: Frame[] = [];

  constructor(private readonly parent: Frame) {
    if (parent.scope.reason) throw parent.scope.reason;
    this.#scope = new Scope(parent.scope);
  }

  /** A frame for one of the branches or iterations. */
  frame(previous: number, mapItem?: Readonly<Record<string, unknown>>): Frame {
    const frame = this.parent.child(this.#scope, previous, mapItem);
    this.#frames.push(frame);
    return frame;
  }

  /** Whether the group has been ended. */
  get ended(): boolean {
    return this.#scope.reason !== undefined;
  }

  /**
   * What to do when the work in `frame` fails: the first time, ends the others and tells of the states that they were in.
   *
   * @param tell adds the events about `frame` itself and says what to add about each other frame
   */
  failedIn(frame: Frame, tell?: { failed(): unknown; aborted(other: Frame): unknown }): (error: unknown) => never {
    return (error) => {
      if (error instanceof StateError && !this.ended) {
        this.#scope.end(BRANCH_FAILED);
        tell?.failed();
        addAborted(frame, frame.previous);
        for (const other of this.#frames) {
          if (other === frame) continue;
          tell?.aborted(other);
          addAborted(other, frame.previous);
        }
        this.parent.moveTo(frame.previous);
      }
      throw error;
    };
  }

  /** Forgets a frame whose work is done. */
  done(frame: Frame): void {
    this.#frames.splice(this.#frames.indexOf(frame), 1);
  }

  /** Ends whatever still runs, and lets go of the parent. */
  close(): void {
    this.#scope.end(STATE_ENDED);
  }
}

/** Runs what `start` starts, until all is done or one of it has failed. */
export async function runTogether<T>(parent: Frame, start: (group: Group) => Promise<T>[]): Promise<T[]> {
  const group = new Group(parent);
  try {
    return await Promise.all(start(group));
  } finally {
    group.close();
  }
}

/** Tells of the state that a frame was in when it was given up, where AWS has an event for that (recorded for Task states). */
function addAborted(frame: Frame, previous: number): void {
  if (frame.abortable === undefined) return;
  frame.execution.history.add(`${frame.abortable}StateAborted`, previous);
  frame.abortable = undefined;
}
