import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AtomicCounterStack } from '../../lib/atomic-counter-stack';
import { readConfiguration } from '../../lib/configuration';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import cdkJson from '../../cdk.json';

export interface StackOptions {
  /**
   * Whether a synth fails for a template that breaks a rule of CloudFormation's.
   *
   * @default false: `cloudformation-rules.test.ts` does that, and it takes longer than all the rest of a synth
   */
  readonly heldToRules?: boolean;
}

/** The stack that these settings alone make, for its template: its functions are not bundled. */
export function stackOf(
  settings: Readonly<Record<string, string>> = {},
  { heldToRules = false }: StackOptions = {},
): AtomicCounterStack {
  const app = new App({
    context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] },
    analyticsReporting: false,
    builtinCloudFormationValidation: heldToRules,
  });
  return new AtomicCounterStack(app, 'AtomicCounter', { configuration: readConfiguration(settings) });
}

/** The stack as `cdk synth` makes it from these settings alone. */
export function synthesized(settings: Readonly<Record<string, string>> = {}): Template {
  return Template.fromStack(stackOf(settings));
}

/** A state machine's definition with its placeholders filled. */
export interface Definition {
  QueryLanguage: string;
  StartAt: string;
  TimeoutSeconds: number;
  States: Record<string, DefinedState>;
}

export interface Retrier {
  ErrorEquals: string[];
  MaxAttempts: number;
  IntervalSeconds?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: string;
}

export interface DefinedState {
  Type: string;
  Resource?: string;
  TimeoutSeconds?: number;
  Next?: string;
  Default?: string;
  Arguments?: Record<string, unknown>;
  Output?: Record<string, unknown>;
  Choices?: { Condition: string; Next: string; Assign?: Record<string, unknown> }[];
  Retry?: Retrier[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
  Branches?: Definition[];
}

/** The state machines of a template as resolved for the laptop, by their construct. */
export function stateMachines(template: Template): { increment: Definition; read: Definition; setup?: Definition } {
  const { resources } = resolveTemplate(template.toJSON() as RawTemplate, stackLocation('AtomicCounter'));
  const find = (construct: string): Definition | undefined => {
    const machine = resources.find(
      ({ type, logicalId }) => type === 'AWS::StepFunctions::StateMachine' && logicalId.startsWith(construct),
    );
    return machine && definitionOf(machine.properties);
  };
  const [increment, read, setup] = [find('IncrementWorkflow'), find('ReadWorkflow'), find('SetupWorkflow')];
  if (!increment || !read) throw new Error('the template lacks a state machine');
  return { increment, read, ...(setup ? { setup } : {}) };
}

function definitionOf(properties: Readonly<Record<string, unknown>>): Definition {
  const substitutions = properties['DefinitionSubstitutions'] as Record<string, string>;
  const text = (properties['DefinitionString'] as string).replace(
    /\$\{(\w+)\}/g,
    (whole, name: string) => substitutions[name] ?? whole,
  );
  return JSON.parse(text) as Definition;
}
