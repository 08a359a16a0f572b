import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openApiDocument } from '../../tools/openapi/document';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import { synthesized } from '../lib/synthesized';
import packageJson from '../../package.json';

const FILE = path.join(__dirname, '../../docs/openapi.json');

interface Operation {
  readonly parameters: {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Record<string, unknown>;
  }[];
  readonly security?: unknown;
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: unknown }> }>;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
}

/** What the generator makes of the template of these settings, after an edit of its JSON. */
function document(settings: Record<string, string> = {}, edit = (json: string): string => json): Document {
  const template = JSON.parse(edit(JSON.stringify(synthesized(settings).toJSON()))) as RawTemplate;
  const made = openApiDocument(resolveTemplate(template).resources, packageJson.version);
  return JSON.parse(JSON.stringify(made)) as Document;
}

const counter = ({ paths }: Document): Record<string, Operation> => paths['/{store}/{id}'] ?? {};

describe('docs/openapi.json', () => {
  it('describes the API that the default settings make: npm run openapi writes it anew', () => {
    const kept = JSON.parse(readFileSync(FILE, 'utf8')) as unknown;

    expect(kept).toEqual(document());
  });

  it('is valid OpenAPI 3.1', () => {
    const validator = path.join(
      __dirname,
      '../../node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js',
    );

    const verdict = execFileSync(process.execPath, [validator, FILE], { encoding: 'utf8' });

    expect(JSON.parse(verdict)).toEqual({ valid: true });
  });

  it('has every status that an answer of the API may have, with its body', () => {
    const { resources } = resolveTemplate(synthesized().toJSON() as RawTemplate, stackLocation('AtomicCounter'));
    const operations = counter(document());
    const methods = resources.filter(
      ({ type, properties }) =>
        type === 'AWS::ApiGateway::Method' &&
        properties['ApiKeyRequired'] === true &&
        properties['HttpMethod'] !== 'ANY', // which refuses what isn't described
    );

    const missing = methods.flatMap(({ properties }) => {
      const { responses = {} } = operations[String(properties['HttpMethod']).toLowerCase()] ?? {};
      const { IntegrationResponses: answers } = properties['Integration'] as { IntegrationResponses: object[] };
      const set = Array.from(JSON.stringify(answers).matchAll(/(?:\$status = |"StatusCode":")(\d{3})/g), ([, n]) => n);
      return set.filter((status = '') => responses[status]?.content === undefined);
    });

    expect(methods).toHaveLength(2);
    expect(missing).toEqual([]);
  });
});

describe('the description', () => {
  it('has the counter’s path alone: what there is besides only refuses', () => {
    expect(Object.keys(document().paths)).toEqual(['/{store}/{id}']);
    expect(Object.keys(counter(document()))).toEqual(['get', 'post', 'options']);
  });

  it("has API Gateway's own answers as the template words them", () => {
    const { components } = document() as unknown as { components: { schemas: Record<string, unknown> } };

    expect(components.schemas['GatewayAnswer']).toEqual({
      type: 'object',
      properties: { error: { type: 'string' }, retryable: { type: 'boolean' } },
      required: ['error'],
    });
    expect(counter(document())['post']?.responses['403']).toMatchObject({
      description: 'The header X-Api-Key must have a valid API key',
    });
  });

  it('knows the deployed stores only', () => {
    const { post } = counter(document({ STORES: 'dynamo,tidb' }));

    expect(post?.parameters[0]).toMatchObject({ name: 'store', schema: { enum: ['dynamo', 'tidb'] } });
  });

  it('has the header of an idempotency key, which an increment may have and a read not, and that of a replay', () => {
    const { post, get } = counter(document({ STORES: 'dynamo' }));
    const headers = (operation: Operation | undefined): unknown[] =>
      (operation?.parameters ?? []).filter((parameter) => parameter.in === 'header');

    expect(headers(post)).toEqual([
      { name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string' } },
    ]);
    expect(headers(get)).toEqual([]);
    expect(post?.responses['200']).toHaveProperty(['headers', 'Idempotent-Replay']);
    expect(get?.responses['200']).not.toHaveProperty(['headers', 'Idempotent-Replay']);
  });

  it("follows an edit of the template's method", () => {
    const operations = counter(
      document({ STORES: 'dynamo' }, (json) => json.replace('"HttpMethod":"POST"', '"HttpMethod":"PUT"')),
    );

    expect(Object.keys(operations).sort()).toEqual(['get', 'options', 'put']);
  });

  it('follows an edit of who needs a key, and of what API Gateway answers then', () => {
    const open = counter(
      document({ STORES: 'dynamo' }, (json) => json.replaceAll('"ApiKeyRequired":true', '"ApiKeyRequired":false')),
    );

    expect(open['post']?.security).toBeUndefined();
    expect(Object.keys(open['post']?.responses ?? {})).not.toContain('429');
  });

  it('follows an edit of the status of an answer of API Gateway itself', () => {
    const { post } = counter(
      document({ STORES: 'dynamo' }, (json) =>
        json.replace('"ResponseType":"DEFAULT_4XX"', '"ResponseType":"DEFAULT_4XX","StatusCode":"418"'),
      ),
    );

    expect(Object.keys(post?.responses ?? {})).toContain('418');
    expect(Object.keys(post?.responses ?? {})).not.toContain('413');
  });
});
