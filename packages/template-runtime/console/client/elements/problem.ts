import { RefusedError } from '../api';
import { setText } from './element';

const place = (): HTMLElement | null => document.querySelector('#problem');

/** Shows at the top of the page what went wrong. */
export function showProblem(error: unknown): void {
  const element = place();
  if (!element) return;
  element.hidden = false;
  setText(element, wordsFor(error));
}

export function clearProblem(): void {
  const element = place();
  if (!element || element.hidden) return;
  element.hidden = true;
  setText(element, '');
}

function wordsFor(error: unknown): string {
  if (error instanceof RefusedError) return error.message;
  if (error instanceof TypeError) return 'The runtime does not answer. Is it still running?';
  return error instanceof Error ? error.message : String(error);
}
