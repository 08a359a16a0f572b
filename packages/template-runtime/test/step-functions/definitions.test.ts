import { manualClock } from './manual-clock';
import { startStepFunctions } from '../../step-functions';
import { readKinds, testKinds } from '../conformance/cases';
import type { ConformanceCase } from '../conformance/cases';

interface DefinitionCase extends ConformanceCase {
  /** JSON, or the text that isn't any. */
  readonly definition: unknown;
  readonly type?: 'EXPRESS' | 'STANDARD';
  /** What ValidateStateMachineDefinition tells; a location that wasn't told of is left out. */
  readonly diagnostics: readonly Readonly<Record<string, string>>[];
  /** Where the order wasn't measured. */
  readonly unordered?: true;
}

const stepFunctions = startStepFunctions({
  region: 'eu-west-1',
  account: '123456789012',
  clock: manualClock(),
  integrations: { 'arn:aws:states:::': () => Promise.resolve(null) },
  stateMachines: [],
});

afterAll(() => stepFunctions.close());

describe('a definition, as AWS was seen to judge it', () => {
  testKinds(readKinds<DefinitionCase>('step-functions/definitions'), async (test) => {
    const definition = typeof test.definition === 'string' ? test.definition : JSON.stringify(test.definition);
    const request = { definition, ...(test.type && { type: test.type }) };

    const { body } = await stepFunctions.handle('ValidateStateMachineDefinition', JSON.stringify(request));
    const { result, diagnostics } = JSON.parse(body) as { result: string; diagnostics: unknown[] };

    const expected = test.diagnostics.map((diagnostic) => expect.objectContaining(diagnostic) as unknown);
    expect(result).toBe(expected.length === 0 ? 'OK' : 'FAIL');
    expect(diagnostics).toHaveLength(expected.length);
    expect(diagnostics).toEqual(test.unordered ? expect.arrayContaining(expected) : expected);
  });
});
