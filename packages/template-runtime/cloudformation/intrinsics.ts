import type { StackLocation } from './stack-location';
import type { ResourceIdentity } from './identities';

/** Stands for a property that CloudFormation leaves out (`AWS::NoValue`). */
const NO_VALUE = Symbol('AWS::NoValue');

/** A parameter as it stands in the template. */
export interface RawParameter {
  readonly Type?: string;
  readonly Default?: string | number | boolean;
}

export interface IntrinsicsContext {
  readonly location: StackLocation;
  readonly mappings: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, RawParameter>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  identityOf(logicalId: string): ResourceIdentity;
}

export interface Intrinsics {
  /**
   * Replaces the intrinsic functions in a value by what they give.
   *
   * @throws Error naming an intrinsic function that isn't emulated
   */
  resolve(value: unknown): unknown;
  /** Whether a condition of the template holds. @throws Error like `resolve` */
  holds(condition: string): boolean;
}

/**
 * Creates CloudFormation's intrinsic functions. Parameters have their defaults: a laptop's stack gets no others.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function createIntrinsics(context: IntrinsicsContext): Intrinsics {
  const { location, mappings, parameters, conditions, identityOf } = context;
  const pseudoParameters: Record<string, string | symbol> = {
    'AWS::Region': location.region,
    'AWS::AccountId': location.account,
    'AWS::Partition': location.partition,
    'AWS::URLSuffix': location.urlSuffix,
    'AWS::StackName': location.stackName,
    'AWS::StackId': location.stackId,
    'AWS::NoValue': NO_VALUE,
  };
  const reference = (name: string): unknown => {
    if (Object.hasOwn(pseudoParameters, name)) return pseudoParameters[name];
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    return parameter ? defaultOf(name, parameter) : identityOf(name).physicalId;
  };
  const attribute = (logicalId: string, name: string): string => {
    const value = identityOf(logicalId).attributes[name];
    if (value === undefined) throw new Error(`asks for ${logicalId}.${name}, which is not emulated`);
    return value;
  };

  const functions: Record<string, (argument: unknown) => unknown> = {
    Ref: (name) => reference(name as string),
    'Fn::GetAtt': (argument) => {
      const [logicalId = '', ...name] = Array.isArray(argument) ? (argument as string[]) : String(argument).split('.');
      return attribute(logicalId, name.join('.'));
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = argument as [string, unknown];
      return (resolve(parts) as unknown[]).join(separator);
    },
    'Fn::Split': (argument) => {
      const [separator, text] = argument as [string, unknown];
      return String(resolve(text)).split(separator);
    },
    'Fn::Select': (argument) => {
      const [index, list] = argument as [number | string, unknown];
      return (resolve(list) as unknown[])[Number(index)];
    },
    'Fn::Sub': (argument) => {
      const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [
        string,
        Record<string, unknown>,
      ];
      return text.replace(/\$\{(!?)([\w:.]+)\}/g, (whole, literal: string, name: string) => {
        if (literal) return whole.replace('!', '');
        if (name in variables) return String(resolve(variables[name]));
        const [logicalId = '', ...rest] = name.includes('::') ? [name] : name.split('.');
        return rest.length > 0 ? attribute(logicalId, rest.join('.')) : String(reference(name));
      });
    },
    'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => `${location.region}${zone}`),
    'Fn::FindInMap': (argument) => {
      const [map, first, second] = resolve(argument) as [string, string, string];
      return (mappings as Record<string, Record<string, Record<string, unknown>>>)[map]?.[first]?.[second];
    },
    'Fn::If': (argument) => {
      const [condition, yes, no] = argument as [string, unknown, unknown];
      return resolve(holds(condition) ? yes : no);
    },
    'Fn::Equals': (argument) => {
      const [left, right] = resolve(argument) as [unknown, unknown];
      return String(left) === String(right);
    },
    'Fn::Not': (argument) => !(argument as unknown[]).every(isTrue),
    'Fn::And': (argument) => (argument as unknown[]).every(isTrue),
    'Fn::Or': (argument) => (argument as unknown[]).some(isTrue),
  };
  const holds = (name: string): boolean => {
    if (!Object.hasOwn(conditions, name)) throw new Error(`names the condition ${name}, which is not there`);
    return isTrue(conditions[name]);
  };
  /** Among conditions, another one may be named: `{ "Condition": "IsProduction" }`. */
  const isTrue = (condition: unknown): boolean => {
    const { Condition: name } = condition as { Condition?: unknown };
    return typeof name === 'string' ? holds(name) : resolve(condition) === true;
  };

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'))) {
      const evaluate = functions[name];
      if (!evaluate) throw new Error(`uses ${name}, which is not emulated`);
      return evaluate(argument);
    }
    return Object.fromEntries(
      entries.map(([key, item]) => [key, resolve(item)] as const).filter(([, item]) => item !== NO_VALUE),
    );
  };
  return { resolve, holds };
}

/** @throws Error for a parameter that has no value of its own */
function defaultOf(name: string, { Type: type = 'String', Default: value }: RawParameter): string | string[] {
  if (type.startsWith('AWS::SSM::Parameter::')) throw new Error(`needs the parameter ${name}, whose value is in SSM`);
  if (value === undefined) throw new Error(`needs the parameter ${name}, which has no Default`);
  const text = String(value);
  return type === 'CommaDelimitedList' || type.startsWith('List<') ? text.split(',').map((item) => item.trim()) : text;
}
