import { type TemplateResource, UnsupportedTemplateError } from '../cloudformation/resource';
import { setOwn } from '../own-property';
import type { LogEvent } from './logs';

/** The JSON document that a transformer makes of an event; processors change it in place. */
export type Document = Record<string, unknown>;

interface Subject {
  readonly event: LogEvent;
  readonly logGroup: string;
  /** The event's message as JSON; undefined where it is none. */
  readonly parsedMessage: unknown;
}

type Processor = (document: Document, subject: Subject) => void;

/** A compiled transformer of a log group. */
export interface Transformer {
  readonly logGroup: string;
  /** Whether a transformed event's field `type` is the message's, or missing. */
  readonly keepsType: boolean;
  transform(subject: Subject): Document;
}

/** `details.output` */
const PATH = /^@?[\w-]+(?:\.[\w-]+)*$/;

/**
 * Compiles an `AWS::Logs::Transformer`. A processor whose source is missing, or of another kind than it needs, leaves the
 * event as it is (AWS counts a TransformationError).
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Processors.html
 *
 * @throws UnsupportedTemplateError for a processor that isn't emulated, by name
 */
export function readTransformer(resource: TemplateResource): Transformer {
  const { LogGroupIdentifier: identifier, TransformerConfig: configuration = [] } = resource.properties;
  let keepsType = true;
  const processors = (configuration as Record<string, unknown>[]).flatMap((entry, index) =>
    Object.entries(entry).map(([name, options]) => {
      const read = PROCESSORS[name];
      const field = `TransformerConfig[${index}].${name}`;
      if (!read) throw new UnsupportedTemplateError(resource, field, 'is not emulated');
      keepsType &&= name === 'ParseJSON' && parsesBesideType(options as ParseJson | undefined);
      return read(new Options(resource, field, (options ?? {}) as Record<string, unknown>));
    }),
  );
  return {
    logGroup: logGroupName(String(identifier)),
    keepsType,
    transform(subject) {
      const document: Document = {};
      for (const process of processors) process(document, subject);
      return document;
    },
  };
}

interface ParseJson {
  readonly Source?: string;
  readonly Destination?: string;
}

/** Whether it puts the message to the root, or anything under another name than `type`. */
function parsesBesideType({ Source, Destination }: ParseJson = {}): boolean {
  if (Destination === undefined) return Source === undefined || Source === '@message';
  return Destination.split('.')[0] !== 'type';
}

/** The name in a name or an ARN of a log group. */
export function logGroupName(identifier: string): string {
  return identifier.replace(/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
}

const PROCESSORS: Readonly<Record<string, (options: Options) => Processor>> = {
  ParseJSON(options) {
    const source = options.optionalPath('Source') ?? '@message';
    const destination = options.optionalPath('Destination');
    return (document, subject) => {
      const parsed = source === '@message' ? subject.parsedMessage : parse(read(document, source));
      if (destination === undefined) Object.assign(document, asObject(parsed));
      else if (parsed !== undefined) write(document, destination, parsed, true);
    };
  },

  AddKeys: (options) =>
    eachEntry(options, (entry) => {
      const [key, value, overwrite] = [entry.path('Key'), entry.text('Value'), entry.flag('OverwriteIfExists')];
      return (document) => write(document, key, value, overwrite);
    }),

  CopyValue: (options) =>
    eachEntry(options, (entry) => {
      const [source, target] = [entry.path('Source'), entry.path('Target')];
      const overwrite = entry.flag('OverwriteIfExists');
      if (source.startsWith('@')) {
        const metadata = METADATA[source];
        if (!metadata) throw entry.unsupported('Source', `${source} is not emulated`);
        return (document, subject) => write(document, target, metadata(subject), overwrite);
      }
      return (document) => {
        const value = read(document, source);
        if (value !== undefined) write(document, target, structuredClone(value), overwrite);
      };
    }),

  // A target that is an object takes the moved key in, as the page's example shows; else the key gets the target's name.
  MoveKeys: (options) =>
    eachEntry(options, (entry) => {
      const [source, target] = [entry.path('Source'), entry.path('Target')];
      const overwrite = entry.flag('OverwriteIfExists');
      return (document) => {
        const value = read(document, source);
        if (value === undefined) return;
        const into = isObject(read(document, target)) ? `${target}.${lastKey(source)}` : target;
        if (write(document, into, value, overwrite)) remove(document, source);
      };
    }),

  RenameKeys: (options) =>
    eachEntry(options, (entry) => {
      const [key, renameTo] = [entry.path('Key'), entry.path('RenameTo')];
      const overwrite = entry.flag('OverwriteIfExists');
      return (document) => {
        const value = read(document, key);
        if (value !== undefined && write(document, renameTo, value, overwrite)) remove(document, key);
      };
    }),

  DeleteKeys(options) {
    const keys = options.paths('WithKeys');
    return (document) => {
      for (const key of keys) remove(document, key);
    };
  },

  TypeConverter: (options) =>
    eachEntry(options, (entry) => {
      const [key, type] = [entry.path('Key'), entry.text('Type')];
      const convert = CONVERSIONS[type];
      if (!convert) throw entry.unsupported('Type', `${type} is no type of the processor`);
      return (document) => {
        const converted = convert(read(document, key));
        if (converted !== undefined) write(document, key, converted, true);
      };
    }),

  LowerCaseString: (options) => onTexts(options, (text) => text.toLowerCase()),
  UpperCaseString: (options) => onTexts(options, (text) => text.toUpperCase()),
  TrimString: (options) => onTexts(options, (text) => text.trim()),
};

const METADATA: Readonly<Record<string, (subject: Subject) => string>> = {
  '@message': ({ event }) => event.message,
  '@logGroupName': ({ logGroup }) => logGroup,
  '@logGroupStream': ({ event }) => event.logStreamName,
};

const CONVERSIONS: Readonly<Record<string, (value: unknown) => unknown>> = {
  boolean: (value) => ({ true: true, false: false })[String(value).toLowerCase()],
  integer: (value) => finite(Math.trunc(Number(value))),
  double: (value) => finite(Number(value)),
  string: (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined),
};

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function eachEntry(options: Options, compile: (entry: Options) => Processor): Processor {
  const processors = options.entries().map(compile);
  return (document, subject) => {
    for (const process of processors) process(document, subject);
  };
}

function onTexts(options: Options, change: (text: string) => string): Processor {
  const keys = options.paths('WithKeys');
  return (document) => {
    for (const key of keys) {
      const value = read(document, key);
      if (typeof value === 'string') write(document, key, change(value), true);
    }
  };
}

function isObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): Document {
  return isObject(value) ? value : {};
}

function parse(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function lastKey(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function read(document: Document, path: string): unknown {
  return path
    .split('.')
    .reduce((value: unknown, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), document);
}

/** Writes a value, making the objects on its way; gives whether it was written. */
function write(document: Document, path: string, value: unknown, overwrite: boolean): boolean {
  if (!overwrite && read(document, path) !== undefined) return false;
  const keys = path.split('.');
  let parent = document;
  for (const key of keys.slice(0, -1)) {
    const child = Object.hasOwn(parent, key) ? parent[key] : undefined;
    if (child !== undefined && !isObject(child)) return false;
    const next = child ?? {};
    setOwn(parent, key, next);
    parent = next;
  }
  setOwn(parent, lastKey(path), value);
  return true;
}

function remove(document: Document, path: string): void {
  const dot = path.lastIndexOf('.');
  const parent = dot < 0 ? document : read(document, path.slice(0, dot));
  if (isObject(parent)) delete parent[lastKey(path)];
}

/** The options of a processor, or of one of its entries. */
class Options {
  constructor(
    private readonly resource: TemplateResource,
    private readonly field: string,
    private readonly values: Readonly<Record<string, unknown>>,
  ) {}

  unsupported(name: string, reason: string): UnsupportedTemplateError {
    return new UnsupportedTemplateError(this.resource, `${this.field}.${name}`, reason);
  }

  text(name: string): string {
    const value = this.values[name];
    if (typeof value !== 'string') throw this.unsupported(name, 'must be a text');
    return value;
  }

  path(name: string): string {
    return this.#checkPath(name, this.text(name));
  }

  optionalPath(name: string): string | undefined {
    return this.values[name] === undefined ? undefined : this.path(name);
  }

  paths(name: string): string[] {
    const values = this.values[name];
    if (!Array.isArray(values)) throw this.unsupported(name, 'must be a list');
    return values.map((value) => this.#checkPath(name, String(value)));
  }

  flag(name: string): boolean {
    return this.values[name] === true || this.values[name] === 'true';
  }

  entries(): Options[] {
    const entries = this.values['Entries'];
    if (!Array.isArray(entries)) throw this.unsupported('Entries', 'must be a list');
    return entries.map(
      (entry, index) => new Options(this.resource, `${this.field}.Entries[${index}]`, entry as Record<string, unknown>),
    );
  }

  #checkPath(name: string, path: string): string {
    if (PATH.test(path)) return path;
    throw this.unsupported(name, `only paths of names and dots are emulated, got "${path}"`);
  }
}
