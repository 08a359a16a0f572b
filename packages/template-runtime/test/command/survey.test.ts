import { type RawTemplate, resolveTemplate, UnsupportedTemplateError } from '../../cloudformation';
import { type Survey, surveyTemplate } from '../../command/survey';

const FUNCTION = { Type: 'AWS::Lambda::Function' };

/** A survey whose readers refuse what stands in `refused`, by `LogicalId field`. */
function surveyed(raw: RawTemplate, refused: Readonly<Record<string, string>>): Promise<Survey> {
  return surveyTemplate(raw, {
    resolve: (template) => ({ ...resolveTemplate(template), codeDirectory: () => '' }),
    tryOut: ({ resources }) => {
      for (const [place, reason] of Object.entries(refused)) {
        const [logicalId = '', field = ''] = place.split(' ');
        const resource = resources.find((other) => other.logicalId === logicalId);
        const isThere =
          resource && (field === 'Missing' || JSON.stringify(resource.properties).includes(lastName(field)));
        if (isThere) return Promise.reject(new UnsupportedTemplateError(resource, field, reason));
      }
      return Promise.resolve();
    },
  });
}

const lastName = (field: string): string => field.split(/[.[]/).at(-1) ?? '';

describe('surveyTemplate', () => {
  it('leaves a template alone that is carried out', async () => {
    const raw = { Resources: { F: FUNCTION } };

    await expect(surveyed(raw, {})).resolves.toEqual({ rest: raw, notCarriedOut: [] });
  });

  it('takes a property out that no reader knows, wherever it stands', async () => {
    const raw = { Resources: { F: { ...FUNCTION, Properties: { List: [{ a: 1, 'x.y': { Odd: 1 } }], Timeout: 3 } } } };

    const { rest, notCarriedOut } = await surveyed(raw, { 'F List[0].x.y.Odd': 'is not emulated' });

    expect(rest.Resources['F']?.Properties).toEqual({ List: [{ a: 1, 'x.y': {} }], Timeout: 3 });
    expect(notCarriedOut).toEqual(['F (AWS::Lambda::Function) List[0].x.y.Odd: is not emulated']);
    expect(raw.Resources.F.Properties.List[0]).toEqual({ a: 1, 'x.y': { Odd: 1 } });
  });

  it('leaves a resource out whose property would mean something else without its value', async () => {
    const raw = { Resources: { F: { ...FUNCTION, Properties: { Runtime: 'cobol' } } } };

    const { rest, notCarriedOut } = await surveyed(raw, { 'F Runtime': 'cobol is not emulated, only nodejs' });

    expect(rest.Resources).toEqual({});
    expect(notCarriedOut).toEqual(['F (AWS::Lambda::Function) Runtime: cobol is not emulated, only nodejs (left out)']);
  });

  it('leaves a resource out where an intrinsic function hides the property', async () => {
    const raw = {
      Resources: { F: { ...FUNCTION, Properties: { List: [{ Ref: 'AWS::NoValue' }, { Odd: 1 }] } } },
    };

    const { rest } = await surveyed(raw, { 'F List[0].Odd': 'is not emulated' });

    expect(rest.Resources).toEqual({});
  });

  it('leaves out what depends on a resource that is left out, and what depends on that', async () => {
    const raw = {
      Resources: {
        Bucket: { Type: 'AWS::S3::Bucket' },
        F: { ...FUNCTION, Properties: { Description: { Ref: 'Bucket' } } },
        G: { ...FUNCTION, Properties: { Description: { 'Fn::Sub': 'after ${F.Arn}' } } },
        H: FUNCTION,
      },
    };

    const { rest, notCarriedOut } = await surveyed(raw, {});

    expect(Object.keys(rest.Resources)).toEqual(['H']);
    expect(notCarriedOut).toEqual([
      'Bucket (AWS::S3::Bucket) Type: is not emulated (left out)',
      'F (AWS::Lambda::Function) Description: refers to Bucket, which is not there (left out)',
      'G (AWS::Lambda::Function) Description: refers to F, which is not there (left out)',
    ]);
  });

  it('keeps a permission that names what is left out: no part reads it', async () => {
    const raw = {
      Resources: {
        Bucket: { Type: 'AWS::S3::Bucket' },
        Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ Resource: { Ref: 'Bucket' } }] } },
        F: { ...FUNCTION, Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      },
    };

    const { rest } = await surveyed(raw, {});

    expect(Object.keys(rest.Resources)).toEqual(['Role', 'F']);
  });

  it('takes out a transform and an output', async () => {
    const raw = {
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: { F: FUNCTION },
      Outputs: { Kept: { Value: 1 }, Gone: { Value: { Ref: 'Gone' } } },
    };

    const { rest, notCarriedOut } = await surveyed(raw, {});

    expect(rest).toEqual({ Resources: { F: FUNCTION }, Outputs: { Kept: { Value: 1 } } });
    expect(notCarriedOut).toHaveLength(2);
  });

  it('passes on what is no refusal', async () => {
    const failing = surveyTemplate(
      { Resources: {} },
      {
        resolve: (template) => ({ ...resolveTemplate(template), codeDirectory: () => '' }),
        tryOut: () => Promise.reject(new Error('no port')),
      },
    );

    await expect(failing).rejects.toThrow('no port');
  });
});
