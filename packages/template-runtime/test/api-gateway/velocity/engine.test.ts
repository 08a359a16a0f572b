import fc from 'fast-check';
import { TemplateSyntaxError } from '../../../api-gateway/velocity/syntax';
import { answerCases, queryCases, requestCases } from '../../../../../test/lib/counter-api/template-cases';
import { renderInVelocity, VELOCITY_LIBRARY } from './engine';
import { randomTemplate } from './random-templates';
import { collapse, RECORDED } from './recorded-cases';
import { render, type Rendered, type TemplateCase } from './template-case';

const RANDOM = fc.sample(randomTemplate, { seed: 1, numRuns: 5000 });

/** As here; undefined where this is no Velocity, null where the laptop alone refuses it. */
function renderHere(templateCase: TemplateCase): Rendered | undefined | null {
  try {
    return render(templateCase);
  } catch (error) {
    return error instanceof TemplateSyntaxError && error.message.includes('not emulated') ? null : undefined;
  }
}

/** Counts what was compared, as .ci/run shows it. */
const counts: string[] = [];
afterAll(() => {
  process.stdout.write(counts.map((count) => `${count}\n`).join(''));
});

const describeBesideVelocity = VELOCITY_LIBRARY === undefined ? describe.skip : describe;

describeBesideVelocity('Apache Velocity 1.7 (.ci/velocity/compare) renders', () => {
  it("every template of the app as the laptop does, over every outcome and over hostile clients' ids", () => {
    const cases = [...requestCases(), ...queryCases(), ...answerCases()];

    const theirs = renderInVelocity(cases);

    expect(cases.map((rendered, at) => ({ name: rendered.name, rendered: theirs[at] }))).toEqual(
      cases.map((rendered) => ({ name: rendered.name, rendered: renderHere(rendered) })),
    );
    counts.push(`${cases.length} renderings of the app's templates are the same in Apache Velocity`);
  });

  it('what was recorded on AWS as AWS did', () => {
    const theirs = renderInVelocity(RECORDED);

    expect(
      theirs.map((rendered, at) => (RECORDED[at]?.collapsed ? collapse(rendered?.output ?? '') : rendered?.output)),
    ).toEqual(RECORDED.map(({ output }) => output));
    counts.push(`${RECORDED.length} results recorded on AWS are the same in Apache Velocity`);
  });

  it('templates that nobody thought of as the laptop does, or the laptop refuses them', () => {
    const cases = RANDOM.map((template) => ({ template, body: '{"o": {"a": [1, null, {"b": "c"}]}}' }));

    const theirs = renderInVelocity(cases);

    const compared = cases.flatMap(({ template, ...rest }, at) => {
      const here = renderHere({ template, ...rest });
      return here === null ? [] : [{ template, here: here?.output, there: theirs[at]?.output }];
    });
    expect(compared.filter(({ here, there }) => here !== there)).toEqual([]);
    counts.push(
      `${compared.length} of ${cases.length} random templates are the same in Apache Velocity, the laptop refuses the others`,
    );
  });
});
