import { compileJsonPattern, type Equality } from './json-pattern';
import { compileTermPattern } from './term-pattern';

/** A compiled filter pattern. */
export interface FilterPattern {
  /** What it tests: the event's JSON document, or its text. */
  readonly subject: 'document' | 'text';
  /** What has to be so, among other things, in a document that matches. */
  readonly equalities: readonly Equality[];
  matches(subject: unknown): boolean;
}

/**
 * Compiles a filter pattern: a JSON pattern in braces, or terms.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * @throws SyntaxError where CloudWatch would refuse it, or where it isn't emulated
 */
export function compileFilterPattern(text: string): FilterPattern {
  const pattern = text.trim();
  if (pattern.startsWith('[')) throw new SyntaxError('patterns for space-delimited events are not emulated');
  if (pattern.startsWith('{')) return { subject: 'document', ...compileJsonPattern(pattern) };
  const matches = compileTermPattern(pattern);
  return { subject: 'text', equalities: [], matches: (message) => matches(String(message)) };
}
