import { hintFor, isJsonPathField, otherLanguage } from './state-fields';
import { compileTemplate } from './payload-field';
import type { Template } from './payload-field';
import type { Reading } from './reading';

type Json = Readonly<Record<string, unknown>>;

/** Bounds of a number; `isDouble` where AWS reads a double and prints its bounds so. */
export interface Bounds {
  readonly least: number;
  readonly most?: number;
  readonly isDouble?: boolean;
}

/** Reads the fields of a piece of a definition, and reports what isn't there, isn't known or has the wrong type. */
export class Fields {
  /**
   * @param place where the piece stands in the definition, such as `/States/Count`
   * @param path where it stands in its state, such as `Choices[0]/`; empty for the state itself
   */
  constructor(
    private readonly json: Json,
    readonly place: string,
    readonly reading: Reading,
    private readonly path = '',
  ) {}

  /** Gives up where `json` is no object. */
  static of(json: unknown, place: string, reading: Reading, path = ''): Fields {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      return new Fields({}, place, reading, path).fail('Expected value of type [OBJECT]');
    }
    return new Fields(json as Json, place, reading, path);
  }

  /** Where the piece, or a field of it, stands in the definition. */
  location(field = ''): string {
    const at = `${this.place}/${this.path}${field}`.replace(/\/$/, '');
    return at === '' ? '/' : at;
  }

  /** Reports what AWS refuses too, and goes on. */
  report(problem: string, field = '', code = 'SCHEMA_VALIDATION_FAILED', hint?: string): void {
    this.reading.problems.report({ code, problem, location: this.location(field), hint });
  }

  /** Reports what AWS takes and this runtime doesn't, and goes on. */
  reportNotEmulated(problem: string, field = ''): void {
    this.reading.problems.reportNotEmulated(problem, this.location(field));
  }

  /** Reports a problem after which the piece can't be read. */
  fail(problem: string, field = ''): never {
    this.report(problem, field);
    return this.reading.problems.giveUp();
  }

  /** Reports every field that isn't among `known`. */
  allow(...known: readonly string[]): void {
    for (const name of Object.keys(this.json)) {
      if (known.includes(name) || name === 'Comment') continue;
      const problem = isJsonPathField(name) ? otherLanguage('JSONata', name) : `Field '${name}' is not supported`;
      this.report(problem, '', undefined, hintFor(name));
    }
  }

  /** The names of all fields. */
  names(): string[] {
    return Object.keys(this.json);
  }

  /** Reports all of `names` that are missing. */
  require(...names: readonly string[]): void {
    const missing = names.filter((name) => !this.has(name));
    if (missing.length > 0) this.report(`These fields are required: [${missing.join(', ')}]`);
  }

  /** Reports where not just one of `names` is there. */
  requireOneOf(...names: readonly string[]): void {
    const count = names.filter((name) => this.has(name)).length;
    if (count > 1) this.report(`There should only be one of the following fields: [${names.join(', ')}]`);
    if (count === 0) this.report(`This object should have only one of the following fields: [${names.join(', ')}]`);
  }

  /** Where field `name` stands in its state, such as `Choices[0]/Condition`. */
  pathOf(name: string): string {
    return this.path + name;
  }

  has(name: string): boolean {
    return this.json[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.json[name];
  }

  /** A text that has to be there; an empty one where it is missing or something else. */
  string(name: string): string {
    if (!this.has(name)) this.require(name);
    return this.optionalString(name) ?? '';
  }

  optionalString(name: string): string | undefined {
    const value = this.json[name];
    if (value === undefined || typeof value === 'string') return value;
    this.report('Expected value of type [STRING]', name);
    return undefined;
  }

  /** A text that has to be one of `values`. */
  oneOf<const T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.optionalString(name);
    const known = values.find((candidate) => candidate === value);
    if (value !== undefined && known === undefined) {
      this.report(`Value should be one of the following: [${values.join(', ')}]`, name);
    }
    return known;
  }

  /** A number, or `otherwise` where there is none within the bounds. */
  number<T>(name: string, otherwise: T, bounds: Bounds): number | T {
    const value = this.json[name];
    if (value === undefined) return otherwise;
    const problem = numberProblem(value, bounds);
    if (problem === undefined) return value as number;
    this.report(problem, name);
    return otherwise;
  }

  strings(name: string): string[] {
    const value = this.json[name];
    if (value === undefined) this.require(name);
    else if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
      this.report('Expected value of type [ARRAY]', name);
    } else if (value.length === 0) this.report('Value cannot be empty', name);
    else return value;
    return [];
  }

  object(name: string): Json {
    return this.within(name).json;
  }

  /** The fields of an object that stands in field `name`. */
  within(name: string): Fields {
    return Fields.of(this.json[name], this.place, this.reading, `${this.path}${name}/`);
  }

  /** The fields of each object of an array. */
  items(name: string): Fields[] {
    const value = this.json[name];
    if (value === undefined) return [];
    if (!Array.isArray(value)) return this.fail('Expected value of type [ARRAY]', name);
    return value.flatMap((item, index) => {
      const path = `${this.path}${name}[${index}]/`;
      return this.reading.problems.attempt(() => Fields.of(item, this.place, this.reading, path)) ?? [];
    });
  }

  /**
   * A field that may hold expressions.
   *
   * @param reads the parts of `$states` that they may read
   */
  template(name: string, reads: readonly string[]): Template | undefined {
    if (!this.has(name)) return undefined;
    return compileTemplate(this.json[name], { state: this.place, field: this.path + name, reads }, this.reading);
  }

  /** `Assign`: new values of variables, by name. */
  assign(reads: readonly string[]): Template | undefined {
    if (!this.has('Assign')) return undefined;
    for (const name of Object.keys(this.object('Assign'))) {
      if (name === 'states') {
        this.report("Cannot assign to reserved variable '$states'.", `Assign/${name}`, 'RESERVED_VARIABLE_NAME');
      } else if (!/^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u.test(name)) {
        const problem = `Invalid variable name '${name}': the variable name contains invalid characters.`;
        this.report(problem, `Assign/${name}`, 'INVALID_VARIABLE_NAME');
      }
    }
    return this.template('Assign', reads);
  }

  /** `Next`, or undefined where `End` is true. */
  next(): string | undefined {
    if (this.json.End === true) {
      if (this.has('Next')) this.requireOneOf('Next', 'End');
      return undefined;
    }
    if (this.has('Next')) return this.string('Next');
    this.report('This object should have only one of the following fields: [Next, End]');
    return undefined;
  }
}

/** What is wrong with a value that has to be a number, in AWS's words; undefined where nothing is. */
export function numberProblem(
  value: unknown,
  { least, most = Infinity, isDouble = false }: Bounds,
): string | undefined {
  if (typeof value !== 'number') return isDouble ? 'Expected value of type Double' : 'Expected value of type Integer';
  const printed = (bound: number): string => (isDouble ? bound.toFixed(1) : String(bound));
  if (value < least) return `Minimum value is ${printed(least)}`;
  if (value > most) return `Maximum value is ${printed(most)}`;
  return isDouble || Number.isInteger(value) ? undefined : 'Expected value of type Integer';
}

/** The parts of `$states` that every field may read. */
export const READS_INPUT: readonly string[] = ['input', 'context'];
export const READS_RESULT: readonly string[] = ['input', 'context', 'result'];
export const READS_ERROR: readonly string[] = ['input', 'context', 'errorOutput'];
