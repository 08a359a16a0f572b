import { type RawTemplate, type SynthesizedTemplate, UnsupportedTemplateError } from '../cloudformation';
import { InvalidDefinitionError } from '../step-functions';
import { takeOut } from './take-out';

/** The parts of a template that aren't carried out, and the template without them. */
export interface Survey {
  readonly rest: RawTemplate;
  /** A line each: `LogicalId (AWS::Type) Property: reason`, and whether the whole resource is left out. */
  readonly notCarriedOut: readonly string[];
}

export interface SurveyOptions {
  /** Resolves a template's references. @throws UnsupportedTemplateError */
  resolve(raw: RawTemplate): SynthesizedTemplate;
  /** Starts it and ends it again, so that each service's own reader runs. @throws UnsupportedTemplateError */
  tryOut(template: SynthesizedTemplate): Promise<void>;
}

/**
 * Collects all parts of a template that aren't carried out. A start fails at the first of them; it is taken out of a
 * copy, and the start retried until it succeeds. So this needs no knowledge of what the services carry out.
 */
export async function surveyTemplate(raw: RawTemplate, options: SurveyOptions): Promise<Survey> {
  const notCarriedOut: string[] = [];
  let rest = raw;
  for (;;) {
    const problem = await firstProblem(rest, options);
    if (!problem) return { rest, notCarriedOut };
    const { template, isWhole } = takeOut(rest, problem);
    notCarriedOut.push(isWhole ? `${problem.message} (left out)` : problem.message);
    rest = template;
  }
}

async function firstProblem(
  raw: RawTemplate,
  { resolve, tryOut }: SurveyOptions,
): Promise<UnsupportedTemplateError | undefined> {
  let resolved: SynthesizedTemplate | undefined;
  try {
    resolved = resolve(raw);
    await tryOut(resolved);
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedTemplateError) return error;
    const machine = resolved?.resources.find(
      ({ type, attributes }) =>
        type === 'AWS::StepFunctions::StateMachine' &&
        error instanceof InvalidDefinitionError &&
        attributes['Name'] === error.stateMachine,
    );
    if (!machine || !(error instanceof InvalidDefinitionError)) throw error;
    return new UnsupportedTemplateError(machine, 'DefinitionString', error.reasons);
  }
}
