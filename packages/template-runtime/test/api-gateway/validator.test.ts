import { api, API_ID, type Fields, method, resource, type Served, serve } from './fixture';

const SCHEMA = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  properties: { a: { type: 'number' }, b: { type: 'string', pattern: '^x' } },
  required: ['a'],
};

describe('a request validator', () => {
  let served: Served;
  afterEach(() => served.close());

  async function start(validator: Fields, fields: Fields = {}, schema: unknown = SCHEMA): Promise<void> {
    served = await serve(
      api(
        method('Id', 'POST', {
          RequestValidatorId: 'Validator',
          RequestModels: { 'application/json': 'Body' },
          RequestParameters: { 'method.request.header.X-Needed': true, 'method.request.path.id': true },
          ...fields,
        }),
        resource('RequestValidator', 'Validator', validator),
        resource('Model', 'BodyModel', { Name: 'Body', ContentType: 'application/json', Schema: schema }),
        resource('Model', 'PartModel', { Name: 'Part', Schema: { type: 'integer' } }),
      ),
    );
  }

  const status = async (body: string, headers = {}): Promise<number> => (await served.send({ body, headers })).status;

  it.each([
    ['{"a":1}', 200],
    ['{"a":1.5,"b":"xy"}', 200],
    ['{"a":"1"}', 400],
    ['{"a":1,"b":"y"}', 400],
    ['{}', 400],
    ['', 400],
    ['{"a":', 400],
    ['[]', 400],
    ['raw', 400],
    ['null', 400],
  ])('checks the body %j by its model: %i', async (body, expected) => {
    await start({ ValidateRequestBody: true });

    expect(await status(body)).toBe(expected);
    expect(served.calls).toHaveLength(expected === 200 ? 1 : 0);
  });

  it('does not check a content type without a model', async () => {
    await start({ ValidateRequestBody: true });

    expect(await status('{}', { 'content-type': 'text/plain' })).toBe(200);
    expect(await status('{}', { 'content-type': 'Application/JSON; charset=utf-8' })).toBe(400);
  });

  it('checks every content type by $default', async () => {
    await start({ ValidateRequestBody: true }, { RequestModels: { $default: 'Body' } });

    expect(await status('{}', { 'content-type': 'text/plain' })).toBe(400);
  });

  it('follows a reference to another model', async () => {
    const $ref = `https://apigateway.amazonaws.com/restapis/${API_ID}/models/Part`;
    await start({ ValidateRequestBody: true }, {}, { type: 'object', properties: { a: { $ref } } });

    expect(await status('{"a":1}')).toBe(200);
    expect(await status('{"a":1.5}')).toBe(400);
  });

  it.each([
    [{}, 400],
    [{ 'X-Needed': '' }, 400],
    [{ 'X-Needed': ' ' }, 400],
    [{ 'X-Needed': '1' }, 200],
    [{ 'x-needed': '1' }, 200],
  ])('checks that a parameter is there and not blank: %j', async (headers, expected) => {
    await start({ ValidateRequestParameters: true });

    expect(await status('raw', headers)).toBe(expected);
  });

  it('checks only what it is configured to', async () => {
    await start({ ValidateRequestParameters: false });

    expect(await status('raw')).toBe(200);
  });

  it('checks nothing in a method that does not name it', async () => {
    await start({ ValidateRequestParameters: true, ValidateRequestBody: true }, { RequestValidatorId: undefined });

    expect(await status('raw')).toBe(200);
  });

  it('lets the Empty model pass anything', async () => {
    await start({ ValidateRequestBody: true }, { RequestModels: { 'application/json': 'Empty' } });

    expect(await status('raw')).toBe(200);
  });
});
