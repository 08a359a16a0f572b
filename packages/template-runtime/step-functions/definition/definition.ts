import { DefinitionProblems } from './problems';
import { Fields } from './fields';
import type { ExpressionThreads } from '../expressions/threads';
import { parseJson } from './json-text';
import type { State, StateGraph } from '../execution/interpreter';
import { fieldProblem, hintFor, NOT_EMULATED_FIELDS, STATE_TYPES } from './state-fields';
import type { QueryLanguage } from './state-fields';
import { compileChoice } from '../states/choice';
import { compileFail } from '../states/fail';
import { compileJsonPathState } from '../states/json-path';
import { compileMap } from '../states/map';
import { compileParallel } from '../states/parallel';
import { compilePass } from '../states/pass';
import { compileSucceed } from '../states/succeed';
import { compileTask, type TaskOptions } from '../states/task';
import { compileWait } from '../states/wait';
import { checkTransitions } from './transitions';

/** A state machine's definition, compiled. */
export interface Definition extends StateGraph {
  readonly timeoutSeconds?: number | undefined;
}

export interface DefinitionOptions extends TaskOptions {
  readonly threads: ExpressionThreads;
  /**
   * Whether the definition serves TestState: a state may lead to states that aren't there, and a Map state may be
   * distributed, for its iterations are mocked.
   */
  readonly isTest?: boolean;
}

/**
 * Compiles a definition in the Amazon States Language, query language JSONata. What is wrong in it is told as AWS tells it:
 * first the fields, each where it stands, then, if all of them are right, the transitions.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html; what AWS refuses was
 * measured or recorded: see packages/template-runtime/test/step-functions/definitions
 *
 * @throws InvalidDefinitionError naming every place and what is wrong there
 */
export function compileDefinition(text: string, options: DefinitionOptions): Definition {
  const problems = new DefinitionProblems();
  const definition = problems.attempt(() => readDefinition(text, problems, options));
  problems.check();
  if (!definition) throw new Error('A definition was given up without a problem');
  return definition;
}

/** What states of a machine are compiled with. */
interface Context extends DefinitionOptions {
  /** The machine's: states inside Map and Parallel states have it too, whatever those states say. */
  readonly language: QueryLanguage;
  /** The names of all states so far, which have to be different throughout the machine. */
  readonly names: Set<string>;
  /** Whether it is a branch or an item processor that is read. */
  readonly isInner: boolean;
  /** Graphs whose transitions are checked at the end. */
  readonly graphs: Fields[];
}

function readDefinition(text: string, problems: DefinitionProblems, options: DefinitionOptions): Definition {
  const json = parse(text, problems);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    problems.report({ code: 'SCHEMA_VALIDATION_FAILED', problem: 'Definition must be a valid JSON object' });
    return problems.giveUp();
  }
  const fields = Fields.of(json, '', { threads: options.threads, problems });
  fields.allow('QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version');
  const context: Context = {
    ...options,
    language: languageOf(fields, 'JSONPath'),
    names: new Set(),
    isInner: false,
    graphs: [],
  };
  fields.oneOf('QueryLanguage', LANGUAGES);
  fields.oneOf('Version', ['1.0']);
  const timeoutSeconds = fields.number('TimeoutSeconds', undefined, { least: 0, most: 99_999_999 });
  const graph = compileGraph(fields, context);
  if (!options.isTest && !problems.areRefused) {
    for (const inner of context.graphs) checkTransitions(inner, inner === fields);
  }
  return { ...graph, timeoutSeconds };
}

function parse(text: string, problems: DefinitionProblems): unknown {
  if (text.trim() === '') return undefined;
  const { value, problem } = parseJson(text);
  if (problem === undefined) return value;
  problems.report({
    code: 'INVALID_JSON_DESCRIPTION',
    problem: problem.message,
    location: problem.location(text),
  });
  return problems.giveUp();
}

const LANGUAGES = ['JSONPath', 'JSONata'] as const;

/** Whatever isn't just `JSONPath` counts as JSONata, besides being refused. */
function languageOf(fields: Fields, inherited: QueryLanguage): QueryLanguage {
  const language = fields.raw('QueryLanguage');
  if (language === undefined) return inherited;
  return language === 'JSONPath' ? 'JSONPath' : 'JSONata';
}

function compileGraph(fields: Fields, context: Context): StateGraph {
  fields.require('States', 'StartAt');
  if (!fields.has('States')) return fields.reading.problems.giveUp();
  context.graphs.push(fields);
  const states = new Map<string, State>();
  for (const [name, json] of Object.entries(fields.object('States'))) {
    const place = fields.location(`States/${name}`);
    checkName(name, place, fields, context.names);
    const state = fields.reading.problems.attempt(() =>
      compileState(name, Fields.of(json, place, fields.reading), context),
    );
    if (state) states.set(name, state);
  }
  return { startAt: fields.optionalString('StartAt') ?? '', states };
}

const LONGEST_NAME = 80;

function checkName(name: string, location: string, { reading }: Fields, names: Set<string>): void {
  if (names.has(name)) {
    reading.problems.report({ code: 'DUPLICATE_STATE_NAME', problem: `Duplicate State name: ${name}`, location });
  }
  names.add(name);
  if (name.length <= LONGEST_NAME) return;
  const problem = `Invalid State name: State '${name}' exceeds the ${LONGEST_NAME}-character limit allowed by the service`;
  reading.problems.report({ code: 'INVALID_STATE_NAME', problem, location });
}

function compileState(name: string, fields: Fields, context: Context): State {
  const type = fields.raw('Type');
  if (typeof type !== 'string' || !STATE_TYPES.includes(type)) {
    return fields.fail(`The field 'Type' should have one of these values: [${STATE_TYPES.join(', ')}]`, 'Type');
  }
  const language = languageOf(fields, context.language);
  if (context.language === 'JSONata' && language === 'JSONPath') {
    fields.report("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  } else {
    checkFields(type, language, fields);
  }
  fields.oneOf('QueryLanguage', LANGUAGES);
  for (const field of NOT_EMULATED_FIELDS[type] ?? []) {
    const isMocked = context.isTest && type === 'Map';
    if (fields.has(field) && !isMocked) fields.reportNotEmulated(`Field '${field}' is not emulated`);
  }
  if (language === 'JSONata') return compileByType(name, type, fields, context);
  // In TestState what is inside a Map or Parallel state is mocked.
  if (!(context.isTest && context.isInner)) {
    fields.reportNotEmulated(
      `State '${name}' is a JSONPath state, and only JSONata states are executed here: write "QueryLanguage": "JSONata" in it or in the machine`,
    );
  }
  return compileJsonPathState(name, type, fields, innerGraphs(context));
}

function checkFields(type: string, language: QueryLanguage, fields: Fields): void {
  for (const field of fields.names()) {
    const problem = fieldProblem(type, language, field);
    if (problem !== undefined) fields.report(problem, '', undefined, hintFor(field));
  }
}

/** What compiles the machines inside states: neither names a query language. */
function innerGraphs(context: Context): Record<'branch' | 'processor', (inner: Fields) => StateGraph> {
  const compileWith =
    (...more: readonly string[]) =>
    (inner: Fields): StateGraph => {
      inner.allow('StartAt', 'States', ...more);
      return compileGraph(inner, { ...context, isInner: true });
    };
  return { branch: compileWith(), processor: compileWith('ProcessorConfig') };
}

function compileByType(name: string, type: string, fields: Fields, context: Context): State {
  const { branch, processor } = innerGraphs(context);
  switch (type) {
    case 'Task':
      return compileTask(name, fields, context);
    case 'Choice':
      return compileChoice(name, fields);
    case 'Wait':
      return compileWait(name, fields);
    case 'Succeed':
      return compileSucceed(name, fields);
    case 'Fail':
      return compileFail(name, fields);
    case 'Parallel':
      return compileParallel(name, fields, branch);
    case 'Map':
      return compileMap(name, fields, processor, context.isTest ?? false);
    default:
      return compilePass(name, fields);
  }
}
