import type { SystemAnswer } from '../shapes';
import { read } from './api';

let answer: Promise<SystemAnswer> | undefined;

/** What the runtime offers: asked once. */
export function system(): Promise<SystemAnswer> {
  return (answer ??= read<SystemAnswer>('system'));
}
