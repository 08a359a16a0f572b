import { type TemplateResource, UnsupportedTemplateError } from '../cloudformation/resource';

/**
 * Reads the properties of a resource, or of an object within them. Each field must be read or declared harmless:
 * `refuseOthers` fails the start for any other.
 */
export class Properties {
  private readonly seen = new Set<string>();

  constructor(
    readonly resource: TemplateResource,
    private readonly values: Readonly<Record<string, unknown>> = resource.properties,
    private readonly path = '',
  ) {}

  /** The error that names the resource and a field of it. */
  refuse(field: string, reason: string): UnsupportedTemplateError {
    return new UnsupportedTemplateError(this.resource, this.path + field, reason);
  }

  optionalText(field: string): string | undefined {
    const value = this.take(field);
    if (value === undefined) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw this.refuse(field, 'must be a text');
  }

  text(field: string): string {
    const value = this.optionalText(field);
    if (value === undefined) throw this.refuse(field, 'is missing');
    return value;
  }

  /** One of the given texts. */
  choice<const Choice extends string>(field: string, choices: readonly Choice[], fallback: NoInfer<Choice>): Choice {
    const value = this.optionalText(field) ?? fallback;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw this.refuse(field, `${value} is not emulated, only ${choices.join(', ')}`);
    return found;
  }

  flag(field: string): boolean {
    return this.choice(field, ['true', 'false'], 'false') === 'true';
  }

  optionalNumber(field: string): number | undefined {
    const text = this.optionalText(field);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < 0)
      throw this.refuse(field, `must be a number of at least 0, got ${text}`);
    return value;
  }

  /** A map of texts, such as parameters or templates; empty where it is missing. */
  texts(field: string): [name: string, value: string][] {
    const value = this.take(field) ?? {};
    if (!isRecord(value)) throw this.refuse(field, 'must be an object');
    return Object.entries(value).map(([name, item]) => {
      if (typeof item === 'string') return [name, item];
      if (typeof item === 'boolean' || typeof item === 'number') return [name, String(item)];
      throw this.refuse(`${field}.${name}`, 'must be a text');
    });
  }

  optionalObject(field: string): Properties | undefined {
    const value = this.take(field);
    if (value === undefined) return undefined;
    if (!isRecord(value)) throw this.refuse(field, 'must be an object');
    return new Properties(this.resource, value, `${this.path}${field}.`);
  }

  /** A list of objects; empty where it is missing. */
  objects(field: string): Properties[] {
    const value = this.take(field) ?? [];
    if (!Array.isArray(value)) throw this.refuse(field, 'must be a list');
    return value.map((item: unknown, index) => {
      if (!isRecord(item)) throw this.refuse(`${field}[${index}]`, 'must be an object');
      return new Properties(this.resource, item, `${this.path}${field}[${index}].`);
    });
  }

  /** The names of all fields, for objects whose fields are names of something. */
  get fields(): string[] {
    return Object.keys(this.values);
  }

  /** A value of any form, such as a JSON schema. */
  any(field: string): unknown {
    return this.take(field);
  }

  /** Declares fields that change nothing a caller of the API can see (names, tags, roles, metrics). */
  ignore(...fields: string[]): this {
    for (const field of fields) this.seen.add(field);
    return this;
  }

  /** Fails the start for any field that was not read. */
  refuseOthers(): void {
    const other = Object.keys(this.values).find((field) => !this.seen.has(field) && this.values[field] !== undefined);
    if (other !== undefined) throw this.refuse(other, 'is not emulated');
  }

  private take(field: string): unknown {
    this.seen.add(field);
    return this.values[field] ?? undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
