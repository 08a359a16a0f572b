/**
 * What can be ended from outside: an execution, a branch, a map iteration, the wait for an answer. Ending a scope ends the
 * scopes in it, and tells whatever waits in them (a timer, a task) at once. An AbortSignal can do that too; making one takes
 * longer than all else that a call of a service is made of.
 */
export class Scope {
  #listeners: Set<(reason: Error) => void> | undefined;
  #reason: Error | undefined;
  #leave: () => void = () => undefined;

  /** @param parent the scope whose end ends this one */
  constructor(parent?: Scope) {
    if (parent?.reason) this.#reason = parent.reason;
    else if (parent) this.#leave = parent.onEnd((reason) => this.end(reason));
  }

  /** Why it ended, undefined until then: what a waiting state is rejected with. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  /** Ends it for `reason`; a second end changes nothing. */
  end(reason: Error): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#leave();
    const listeners = [...(this.#listeners ?? [])];
    this.#listeners = undefined;
    for (const listener of listeners) listener(reason);
  }

  /** Forgets the parent once the work is done, so that a long-lived parent doesn't keep it. */
  close(): void {
    this.#leave();
  }

  /** Calls back at the end, which must not have been yet; the returned function unsubscribes. */
  onEnd(listener: (reason: Error) => void): () => void {
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
    return () => this.#listeners?.delete(listener);
  }
}
