import type { StackLocation } from './stack-location';
import type { ResourceIdentity } from './identities';

/** Stands for a property that CloudFormation leaves out (`AWS::NoValue`). */
const NO_VALUE = Symbol('AWS::NoValue');

export interface IntrinsicsContext {
  readonly location: StackLocation;
  readonly mappings: Readonly<Record<string, unknown>>;
  identityOf(logicalId: string): ResourceIdentity;
}

/**
 * Makes the function that replaces CloudFormation's intrinsic functions in a value by what they give.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 *
 * @throws Error naming an intrinsic function that isn't emulated
 */
export function createIntrinsics({ location, mappings, identityOf }: IntrinsicsContext): (value: unknown) => unknown {
  const pseudoParameters: Record<string, string | symbol> = {
    'AWS::Region': location.region,
    'AWS::AccountId': location.account,
    'AWS::Partition': location.partition,
    'AWS::URLSuffix': location.urlSuffix,
    'AWS::StackName': location.stackName,
    'AWS::StackId': location.stackId,
    'AWS::NoValue': NO_VALUE,
  };
  const reference = (name: string): string | symbol => pseudoParameters[name] ?? identityOf(name).physicalId;
  const attribute = (logicalId: string, name: string): string => {
    const value = identityOf(logicalId).attributes[name];
    if (value === undefined) throw new Error(`Fn::GetAtt ${logicalId}.${name} is not emulated`);
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
  };

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'))) {
      const evaluate = functions[name];
      if (!evaluate) throw new Error(`The template uses ${name}, which is not emulated`);
      return evaluate(argument);
    }
    return Object.fromEntries(
      entries.map(([key, item]) => [key, resolve(item)] as const).filter(([, item]) => item !== NO_VALUE),
    );
  };
  return resolve;
}
