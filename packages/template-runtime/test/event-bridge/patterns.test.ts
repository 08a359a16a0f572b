import { compileEventPattern } from '../../event-bridge/event-pattern';
import { readKinds, testKinds } from '../conformance/cases';
import type { ConformanceCase } from '../conformance/cases';

interface PatternCase extends ConformanceCase {
  readonly pattern: unknown;
  /** EventBridge's reason where it refuses the pattern. */
  readonly refused?: string;
  readonly event?: unknown;
  readonly matches?: boolean;
}

describe('an event pattern, as recorded on AWS', () => {
  testKinds(readKinds<PatternCase>('event-bridge/patterns'), ({ pattern, refused, event, matches }) => {
    if (refused === undefined) expect(compileEventPattern(pattern)(event)).toBe(matches);
    else expect(() => compileEventPattern(pattern)).toThrow(`Event pattern is not valid. Reason: ${refused}`);
  });
});
