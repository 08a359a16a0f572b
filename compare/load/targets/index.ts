import type { Target } from '../job';
import type { Caller } from './caller';
import { openHttp } from './http';
import { openModule } from './module';
import { openStateMachine } from './state-machine';

export type { Answer, Caller } from './caller';
export { refusal, refusedAt } from './refusal';
export { answerOfExecution } from './state-machine';

/** @throws Error that says what of the target can't be used; nothing was called then */
export async function openTarget(target: Target, timeoutMs: number): Promise<Caller> {
  switch (target.kind) {
    case 'http':
      return openHttp(target, timeoutMs);
    case 'state-machine':
      return openStateMachine(target, timeoutMs);
    case 'module':
      return openModule(target);
  }
}
