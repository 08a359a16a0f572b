import type { BusEvent } from './event';

/** A target's input: JSON text, made from the event. */
export type TargetInput = (event: BusEvent, ingestionTime: Date) => string;

interface RuleName {
  readonly ruleArn: string;
  readonly ruleName: string;
}

/** The input can't be made of the event: the target can't be invoked, now or later. */
export class TargetInputError extends Error {
  override readonly name = 'TargetInputError';
}

/** `.name`, `[0]`, `[*]` */
const PATH_STEP = /\.([\w/-]+)|\[(\d+)\]/y;

type Path = (event: unknown) => unknown;

/**
 * Compiles a JSON path of EventBridge's kind: `$`, `$.detail.state`, `$.resources[0]`.
 *
 * @throws SyntaxError
 */
export function compilePath(path: string): Path {
  const keys: (string | number)[] = [];
  PATH_STEP.lastIndex = 1;
  while (PATH_STEP.lastIndex < path.length) {
    const match = PATH_STEP.exec(path);
    if (!match) throw new SyntaxError(`"${path}" is no path of names and indices`);
    const [, name, index] = match;
    keys.push(name ?? Number(index));
  }
  if (!path.startsWith('$')) throw new SyntaxError(`"${path}" does not begin with $`);
  return (event) =>
    keys.reduce((value: unknown, key) => {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      return (value as Record<string | number, unknown>)[key];
    }, event);
}

/** The part of the event that `InputPath` points to. */
export function inputFromPath(path: string): TargetInput {
  const read = compilePath(path);
  return (event) => {
    const value = read(event);
    if (value === undefined) throw new TargetInputError(`InputPath ${path} is not in the event`);
    return JSON.stringify(value);
  };
}

/**
 * The filled template of an `InputTransformer`: `<name>` becomes the value as JSON, and its plain text inside of a JSON
 * string. A value that the event lacks becomes nothing. Values are not escaped, as on AWS.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 *
 * @param paths paths by the names that the template uses
 * @throws SyntaxError for a path, or a name that nothing defines
 */
export function inputFromTemplate(
  template: string,
  paths: Readonly<Record<string, string>>,
  { ruleArn, ruleName }: RuleName,
): TargetInput {
  const variables = new Map<string, (event: BusEvent, ingestionTime: Date) => unknown>([
    ...Object.entries(paths).map(([name, path]) => [name, compilePath(path)] as const),
    ['aws.events.rule-arn', () => ruleArn],
    ['aws.events.rule-name', () => ruleName],
    ['aws.events.event.ingestion-time', (_, ingestionTime) => ingestionTime.toISOString()],
    ['aws.events.event', (event) => ({ ...event, detail: undefined })],
    ['aws.events.event.json', (event) => event],
  ]);
  const parts = splitTemplate(template).map(({ text, variable, isInString }) => {
    if (variable === undefined) return () => text;
    const read = variables.get(variable);
    if (!read) throw new SyntaxError(`<${variable}> is no variable of the template`);
    return (event: BusEvent, ingestionTime: Date) => {
      const value = read(event, ingestionTime);
      if (value === undefined) return '';
      return isInString && typeof value === 'string' ? value : JSON.stringify(value);
    };
  });
  return (event, ingestionTime) => {
    const input = parts.map((part) => part(event, ingestionTime)).join('');
    try {
      return JSON.stringify(JSON.parse(input));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new TargetInputError(`The input template gives no JSON: ${input}`, { cause: error });
    }
  };
}

interface TemplatePart {
  readonly text: string;
  readonly variable?: string;
  readonly isInString: boolean;
}

function splitTemplate(template: string): TemplatePart[] {
  let isInString = false;
  return Array.from(template.matchAll(/\\.|"|<([^<>]+)>|[^"\\<]+|</gs), ([text, variable]) => {
    if (text === '"') isInString = !isInString;
    return { text, isInString, ...(variable !== undefined && { variable }) };
  });
}
