import { clearProblem, showProblem } from './problem';

/** Work that is repeated while the page is visible. */
export interface Live {
  /** Does it immediately. */
  refresh(): void;
  /** Goes on or holds; `refresh` still works then. */
  setPaused(isPaused: boolean): void;
  stop(): void;
}

/**
 * Loads again and again: `everyMs` after each answer, not while the tab is hidden.
 *
 * @param load returns false when nothing will change any more
 */
export function startLive(everyMs: number, load: (signal: AbortSignal) => Promise<boolean | void>): Live {
  let timer: number | undefined;
  let loading: AbortController | undefined;
  let isPaused = false;
  let isStopped = false;

  const refresh = async (): Promise<void> => {
    clearTimeout(timer);
    loading?.abort();
    const current = (loading = new AbortController());
    let goesOn: boolean | void = true;
    try {
      goesOn = await load(current.signal);
      if (!current.signal.aborted) clearProblem();
    } catch (error) {
      if (!current.signal.aborted) showProblem(error);
    }
    if (current.signal.aborted || isStopped || goesOn === false) return;
    timer = window.setTimeout(() => {
      if (!isPaused && !document.hidden) void refresh();
    }, everyMs);
  };
  const onVisible = (): void => {
    if (!isPaused && !document.hidden) void refresh();
  };
  document.addEventListener('visibilitychange', onVisible);
  void refresh();

  return {
    refresh: () => void refresh(),
    setPaused(paused) {
      isPaused = paused;
      if (!isPaused) void refresh();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      loading?.abort();
      document.removeEventListener('visibilitychange', onVisible);
    },
  };
}
