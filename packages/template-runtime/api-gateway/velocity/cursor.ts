import { TemplateSyntaxError } from './syntax';

/** A place in a template that moves forward. */
export class Cursor {
  position = 0;

  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Moves behind what a sticky pattern matches here; undefined where it doesn't match. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.position = pattern.lastIndex;
    return match;
  }

  /** Whether a sticky pattern matches here. */
  sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    return pattern.test(this.text);
  }

  /** @throws TemplateSyntaxError saying what was expected where */
  expect(pattern: RegExp, what: string): RegExpExecArray {
    return this.take(pattern) ?? this.fail(`expected ${what}`);
  }

  since(start: number): string {
    return this.text.slice(start, this.position);
  }

  /** @throws TemplateSyntaxError with the line and column of this place */
  fail(reason: string): never {
    const before = this.text.slice(0, this.position).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new TemplateSyntaxError(`is no Velocity: ${reason} at line ${before.length}, column ${column}`);
  }
}
