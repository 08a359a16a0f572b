import { ServiceError } from '../errors';

const ARN = /^arn:aws[\w-]*:states:[^:]*:[^:]*:([^:]+):.+$/;

/** The parameters of an API call, checked as they are read. */
export class Parameters {
  private constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  /** @throws ServiceError SerializationException where the body is no JSON object */
  static parse(body: string): Parameters {
    let values: unknown;
    try {
      values = JSON.parse(body === '' ? '{}' : body);
    } catch (error) {
      throw new ServiceError('SerializationException', error instanceof Error ? error.message : String(error));
    }
    return Parameters.of(values);
  }

  private static of(values: unknown): Parameters {
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw new ServiceError('SerializationException', 'Start of structure expected');
    }
    return new Parameters(values as Readonly<Record<string, unknown>>);
  }

  has(name: string): boolean {
    return (this.values[name] ?? undefined) !== undefined;
  }

  /** @throws ServiceError where there is none */
  string(name: string): string {
    const value = this.optionalString(name);
    if (value !== undefined) return value;
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    );
  }

  /** A structure inside, if it is there. */
  structure(name: string): Parameters | undefined {
    return this.has(name) ? Parameters.of(this.values[name]) : undefined;
  }

  /** The structures of a list, none where there is no list. */
  list(name: string): Parameters[] {
    const value = this.values[name] ?? [];
    if (!Array.isArray(value)) throw new ServiceError('SerializationException', `${name} must be a list`);
    return value.map((item) => Parameters.of(item));
  }

  optionalString(name: string): string | undefined {
    const value = this.values[name] ?? undefined;
    if (value === undefined || typeof value === 'string') return value;
    throw new ServiceError('SerializationException', `${name} must be a string`);
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.values[name] ?? undefined;
    if (value === undefined || typeof value === 'boolean') return value;
    throw new ServiceError('SerializationException', `${name} must be true or false`);
  }

  optionalInteger(name: string): number | undefined {
    const value = this.values[name] ?? undefined;
    if (value === undefined || (typeof value === 'number' && Number.isInteger(value))) return value;
    throw new ServiceError('SerializationException', `${name} must be a whole number`);
  }

  /** @returns 0 where there is none, as AWS takes 0 for its own default */
  limit(name: string, most: number): number {
    const value = this.optionalInteger(name) ?? 0;
    if (value > most) throw constraint(String(value), name, `Member must have value less than or equal to ${most}`);
    if (value < 0) throw constraint(String(value), name, 'Member must have value greater than or equal to 0');
    return value;
  }

  /** A text of at most `most` characters. */
  optionalText(name: string, most: number): string | undefined {
    const value = this.optionalString(name);
    if (value === undefined || value.length <= most) return value;
    throw constraint(value, name, `Member must have length less than or equal to ${most}`);
  }

  optionalOneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.optionalString(name);
    const found = allowed.find((candidate) => candidate === value);
    if (value !== undefined && found === undefined) {
      throw constraint(value, name, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
    }
    return found;
  }

  /** Whether more than metadata is asked for: payloads and definitions. */
  includesData(): boolean {
    return this.optionalOneOf('includedData', ['ALL_DATA', 'METADATA_ONLY']) !== 'METADATA_ONLY';
  }

  /**
   * An ARN, of one of `kinds` of Step Functions' resources where there are any.
   *
   * @throws ServiceError in AWS's words
   */
  arn(name: string, ...kinds: readonly string[]): string {
    const value = this.string(name);
    if (!value.startsWith('arn:')) throw new ServiceError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${value}'`);
    if (kinds.length === 0) return value;
    const [, kind] = ARN.exec(value) ?? [];
    if (kind === undefined) throw new ServiceError('InvalidArn', `Invalid Arn: 'Invalid ARN: ${value}'`);
    if (!kinds.includes(kind)) {
      throw new ServiceError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${kind}'`);
    }
    return value;
  }
}

/** A long value isn't repeated, as it isn't for `input`. */
const LONGEST_SHOWN = 4096;

function constraint(value: string, name: string, rule: string): ServiceError {
  const shown = value.length > LONGEST_SHOWN ? 'Value' : `Value '${value}'`;
  return new ServiceError(
    'ValidationException',
    `1 validation error detected: ${shown} at '${name}' failed to satisfy constraint: ${rule}`,
  );
}
