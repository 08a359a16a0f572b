import { compileJsonPattern } from './json-pattern';
import { compileTermPattern } from './term-pattern';

/** A compiled filter pattern. */
export interface FilterPattern {
  /** What it tests: the event's JSON document, or its text. */
  readonly subject: 'document' | 'text';
  /** Texts of which each stands in every JSON event that matches, unless that is written with `\u` escapes. */
  readonly needles: readonly string[];
  /** What the document's field `type` has to be. @default - anything */
  readonly type?: string | undefined;
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
  return { subject: 'text', needles: [], matches: (message) => matches(String(message)) };
}
