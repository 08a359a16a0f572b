import { InvalidDefinitionError } from './errors';
import type { ExpressionThreads } from './expression-threads';
import { compileTemplate } from './template';
import type { Template } from './template';

type Json = Readonly<Record<string, unknown>>;

/** Fields of JSONPath states, and what a JSONata state has instead. */
const JSONPATH_FIELDS: Readonly<Record<string, string>> = {
  InputPath: 'read $states.input in an expression',
  OutputPath: 'write "Output"',
  Parameters: 'write "Arguments" (in a Pass state "Output")',
  Result: 'write "Output"',
  ResultPath: 'write "Output" with $states.result in it',
  ResultSelector: 'write "Output" with $states.result in it',
  ItemsPath: 'write "Items"',
  Variable: 'write "Condition" with an expression',
  SecondsPath: 'write "Seconds" with an expression',
  TimestampPath: 'write "Timestamp" with an expression',
  TimeoutSecondsPath: 'write "TimeoutSeconds" with an expression',
  HeartbeatSecondsPath: 'write "HeartbeatSeconds" with an expression',
  ErrorPath: 'write "Error" with an expression',
  CausePath: 'write "Cause" with an expression',
  MaxConcurrencyPath: 'write "MaxConcurrency" with an expression',
  ToleratedFailureCountPath: 'write "ToleratedFailureCount" with an expression',
  ToleratedFailurePercentagePath: 'write "ToleratedFailurePercentage" with an expression',
};

/** Reads the fields of a piece of a definition, and refuses what isn't there, isn't known or has the wrong type. */
export class Fields {
  /**
   * @param place where the piece stands in the definition, such as `/States/Count`
   * @param path where it stands in its state, such as `Choices[0]/`; empty for the state itself
   */
  constructor(
    private readonly json: Json,
    readonly place: string,
    readonly threads: ExpressionThreads,
    private readonly path = '',
  ) {}

  /** @throws InvalidDefinitionError where `json` is no object */
  static of(json: unknown, place: string, threads: ExpressionThreads, path = ''): Fields {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw new InvalidDefinitionError('SCHEMA_VALIDATION_FAILED', 'Expected an object', `${place}/${path}`);
    }
    return new Fields(json as Json, place, threads, path);
  }

  fail(problem: string, field = ''): never {
    const at = `${this.place}/${this.path}${field}`.replace(/\/$/, '');
    throw new InvalidDefinitionError('SCHEMA_VALIDATION_FAILED', problem, at === '' ? '/' : at);
  }

  /** Refuses every field that isn't among `known`. */
  allow(...known: readonly string[]): void {
    for (const name of Object.keys(this.json)) {
      if (known.includes(name) || name === 'Comment') continue;
      const instead = JSONPATH_FIELDS[name];
      if (instead !== undefined) {
        this.fail(`Field '${name}' belongs to JSONPath, and only JSONata states are executed here: ${instead}`);
      }
      this.fail(`Field '${name}' is not supported`);
    }
  }

  /** Refuses to go on where one of `names` is missing, naming all that are. */
  require(...names: readonly string[]): void {
    const missing = names.filter((name) => !this.has(name));
    if (missing.length > 0) this.fail(`These fields are required: [${missing.join(', ')}]`);
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

  string(name: string): string {
    const value = this.json[name];
    if (value === undefined) return this.fail(`These fields are required: [${name}]`);
    return typeof value === 'string' ? value : this.fail('Expected value of type String', name);
  }

  optionalString(name: string): string | undefined {
    return this.has(name) ? this.string(name) : undefined;
  }

  /** A number of at least `least`, or `otherwise` where there is none. */
  number<T>(name: string, otherwise: T, least: number): number | T {
    const value = this.json[name];
    if (value === undefined) return otherwise;
    return typeof value === 'number' && value >= least
      ? value
      : this.fail(`Expected a number of at least ${least}`, name);
  }

  integer<T>(name: string, otherwise: T, least: number): number | T {
    const value = this.number(name, otherwise, least);
    return value === otherwise || Number.isInteger(value) ? value : this.fail('Expected value of type Integer', name);
  }

  strings(name: string): string[] {
    const value = this.json[name];
    if (!Array.isArray(value) || value.length === 0 || !value.every((item) => typeof item === 'string')) {
      return this.fail('Expected a non-empty array of strings', name);
    }
    return value;
  }

  object(name: string): Json {
    return this.within(name).json;
  }

  /** The fields of an object that stands in field `name`. */
  within(name: string): Fields {
    return Fields.of(this.json[name], this.place, this.threads, `${this.path}${name}/`);
  }

  /** The fields of each object of an array. */
  items(name: string): Fields[] {
    const value = this.json[name];
    if (value === undefined) return [];
    if (!Array.isArray(value)) return this.fail('Expected value of type Array', name);
    return value.map((item, index) => Fields.of(item, this.place, this.threads, `${this.path}${name}[${index}]/`));
  }

  /**
   * A field that may hold expressions.
   *
   * @param reads the parts of `$states` that they may read
   */
  template(name: string, reads: readonly string[]): Template | undefined {
    if (!this.has(name)) return undefined;
    return compileTemplate(this.json[name], { state: this.place, field: this.path + name, reads }, this.threads);
  }

  /** `Assign`: new values of variables, by name. */
  assign(reads: readonly string[]): Template | undefined {
    if (!this.has('Assign')) return undefined;
    for (const name of Object.keys(this.object('Assign'))) {
      if (name === 'states' || !/^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u.test(name)) {
        this.fail(`'${name}' can't be the name of a variable`, 'Assign');
      }
    }
    return this.template('Assign', reads);
  }

  /** `Next`, or undefined where `End` is true. */
  next(): string | undefined {
    if (this.json.End === true) {
      return this.has('Next') ? this.fail("Expected one of 'Next' and 'End', got both") : undefined;
    }
    return this.has('Next') ? this.string('Next') : this.fail("Expected one of 'Next' and 'End'");
  }
}

/** The parts of `$states` that every field may read. */
export const READS_INPUT: readonly string[] = ['input', 'context'];
export const READS_RESULT: readonly string[] = ['input', 'context', 'result'];
export const READS_ERROR: readonly string[] = ['input', 'context', 'errorOutput'];
