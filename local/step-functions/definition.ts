import { InvalidDefinitionError } from './errors';
import { Fields } from './fields';
import type { ExpressionThreads } from './expression-threads';
import { parseJson } from './json-text';
import type { State, StateGraph } from './interpreter';
import { compileChoice } from './states/choice';
import { compileFail } from './states/fail';
import { compileMap } from './states/map';
import { compileParallel } from './states/parallel';
import { compilePass } from './states/pass';
import { compileSucceed } from './states/succeed';
import { compileTask, type TaskOptions } from './states/task';
import { compileWait } from './states/wait';

/** A state machine's definition, compiled. */
export interface Definition extends StateGraph {
  readonly timeoutSeconds?: number | undefined;
}

export interface DefinitionOptions extends TaskOptions {
  readonly threads: ExpressionThreads;
  /** Hears of what is wrong in a state, and the next state is read. @default - the first problem is thrown */
  readonly report?: (problem: InvalidDefinitionError) => void;
  /**
   * Whether the definition serves TestState: a state may lead to states that aren't there, and a Map state may be
   * distributed, for its iterations are mocked.
   */
  readonly isTest?: boolean;
}

/**
 * Compiles a definition in the Amazon States Language, query language JSONata.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 *
 * @throws InvalidDefinitionError naming the place and what is wrong there
 */
export function compileDefinition(text: string, options: DefinitionOptions): Definition {
  const json = parse(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new InvalidDefinitionError('SCHEMA_VALIDATION_FAILED', 'Definition must be a valid JSON object');
  }
  const fields = Fields.of(json, '', options.threads);
  fields.allow('QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version');
  const language = queryLanguage(fields, 'JSONPath');
  if (fields.has('Version') && fields.string('Version') !== '1.0') fields.fail("Expected '1.0'", 'Version');
  const timeoutSeconds = fields.integer('TimeoutSeconds', undefined, 1);
  return { ...compileGraph(fields, language, options), timeoutSeconds };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  const { value, problem } = parseJson(text);
  if (problem === undefined) return value;
  throw new InvalidDefinitionError('INVALID_JSON_DESCRIPTION', problem.message, problem.location(text));
}

/** AWS lets states choose JSONata in a JSONPath machine, not the other way round. */
function queryLanguage(fields: Fields, inherited: string): string {
  const language = fields.optionalString('QueryLanguage') ?? inherited;
  if (language !== 'JSONata' && language !== 'JSONPath') fields.fail('Expected JSONata or JSONPath', 'QueryLanguage');
  if (inherited === 'JSONata' && language === 'JSONPath') {
    fields.fail("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  }
  return language;
}

function compileGraph(fields: Fields, language: string, options: DefinitionOptions): StateGraph {
  fields.require('States', 'StartAt');
  const startAt = fields.string('StartAt');
  const states = new Map<string, State>();
  const json = fields.object('States');
  for (const [name, state] of Object.entries(json)) {
    const place = `${fields.place}/${fields.pathOf('States')}/${name}`.replace('//', '/');
    reporting(options, () => {
      states.set(name, compileState(name, Fields.of(state, place, options.threads), language, options));
    });
  }
  reporting(options, () => {
    if (!Object.hasOwn(json, startAt)) fields.fail(`Missing 'StartAt' target: ${startAt}`, 'StartAt');
  });
  if (!options.isTest) for (const name of states.keys()) reporting(options, () => checkTargets(fields, name, json));
  return { startAt, states };
}

/** Does `work`; what it finds wrong is reported, where somebody listens, else thrown. */
function reporting({ report }: DefinitionOptions, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!report || !(error instanceof InvalidDefinitionError)) throw error;
    report(error);
  }
}

const STATE_TYPES = ['Task', 'Wait', 'Pass', 'Succeed', 'Fail', 'Choice', 'Parallel', 'Map'];

function compileState(name: string, fields: Fields, inherited: string, options: DefinitionOptions): State {
  if (name.length > 80) fields.fail('The name of a state must be 80 characters at most');
  const language = queryLanguage(fields, inherited);
  const compileInner = (inner: Fields): StateGraph => {
    inner.allow('StartAt', 'States', 'ProcessorConfig', 'QueryLanguage');
    return compileGraph(inner, queryLanguage(inner, language), options);
  };
  const type = fields.string('Type');
  if (language === 'JSONPath') {
    fields.fail(
      `State '${name}' is a JSONPath state, and only JSONata states are executed here: write "QueryLanguage": "JSONata" in it or in the machine`,
    );
  }
  switch (type) {
    case 'Pass':
      return compilePass(name, fields);
    case 'Task':
      return compileTask(name, fields, options);
    case 'Choice':
      return compileChoice(name, fields);
    case 'Wait':
      return compileWait(name, fields);
    case 'Succeed':
      return compileSucceed(name, fields);
    case 'Fail':
      return compileFail(name, fields);
    case 'Parallel':
      return compileParallel(name, fields, compileInner);
    case 'Map':
      return compileMap(name, fields, compileInner, options.isTest ?? false);
    default:
      return fields.fail(`The field 'Type' should have one of these values: [${STATE_TYPES.join(', ')}]`, 'Type');
  }
}

/** Every state that this one leads to has to be there. */
function checkTargets(fields: Fields, name: string, states: Readonly<Record<string, unknown>>): void {
  for (const target of targets(states[name])) {
    if (!Object.hasOwn(states, target)) fields.fail(`Missing 'Next' target: ${target}`, `States/${name}`);
  }
}

interface Leads {
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
}

function targets(json: unknown): string[] {
  const { Next, Default, Choices = [], Catch = [] } = json as Leads;
  return [Next, Default, ...[...Choices, ...Catch].map((rule) => rule.Next)].filter((name) => name !== undefined);
}
