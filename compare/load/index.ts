export { type CeilingOptions, measureCeiling } from './ceiling';
export type { HttpTarget, Job, JobResult, ModuleTarget, StateMachineTarget, Statuses, Target } from './job';
export { compileValuePath } from './value-path';
export { resultOf } from './recording';
export { type Answer, answerOfExecution, type Caller, openTarget, refusal, refusedAt } from './targets';
export { type Generator, startGenerator } from './start-generator';
export { judge, roundNotMade } from './round';
