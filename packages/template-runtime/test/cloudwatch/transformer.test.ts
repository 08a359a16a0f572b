import { readTransformer } from '../../cloudwatch/transformer';
import type { TemplateResource } from '../../cloudformation/resource';

function transformer(config: unknown[]): TemplateResource {
  return {
    logicalId: 'Parsed',
    type: 'AWS::Logs::Transformer',
    physicalId: 'Parsed',
    attributes: {},
    properties: {
      LogGroupIdentifier: 'arn:aws:logs:us-east-1:000000000000:log-group:group:*',
      TransformerConfig: config,
    },
    metadata: {},
  };
}

function transform(config: unknown[], message: string): Record<string, unknown> {
  const event = { message, timestamp: 0, ingestionTime: 0, id: '1', logStreamName: 'stream' };
  const parsedMessage: unknown = message.startsWith('{') ? JSON.parse(message) : undefined;
  return readTransformer(transformer(config)).transform({ event, logGroup: 'group', parsedMessage });
}

const parse = { ParseJSON: { Source: '@message' } };

describe('a transformer', () => {
  // The examples of https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Processors.html
  it.each<[string, unknown, unknown, unknown]>([
    [
      'ParseJSON into the root',
      { ParseJSON: {} },
      { outer_key: { inner_key: 'inner_value' } },
      { outer_key: { inner_key: 'inner_value' } },
    ],
    [
      'ParseJSON of a field into a key of its own',
      { ParseJSON: { Source: 'details.output', Destination: 'result' } },
      { id: '1', details: { output: '{"id":"votes","counter":4}' } },
      { id: '1', details: { output: '{"id":"votes","counter":4}' }, result: { id: 'votes', counter: 4 } },
    ],
    [
      'ParseJSON of a field that is missing',
      { ParseJSON: { Source: 'details.output', Destination: 'result' } },
      { id: '1', details: {} },
      { id: '1', details: {} },
    ],
    [
      'AddKeys',
      { AddKeys: { Entries: [{ Key: 'outer_key.new_key', Value: 'new_value' }] } },
      { outer_key: { inner_key: 'inner_value' } },
      { outer_key: { inner_key: 'inner_value', new_key: 'new_value' } },
    ],
    [
      'AddKeys of one that is there',
      { AddKeys: { Entries: [{ Key: 'a', Value: 'new' }] } },
      { a: 'old' },
      { a: 'old' },
    ],
    [
      'AddKeys that overwrites',
      { AddKeys: { Entries: [{ Key: 'a', Value: 'new', OverwriteIfExists: true }] } },
      { a: 'old' },
      { a: 'new' },
    ],
    [
      'DeleteKeys',
      { DeleteKeys: { WithKeys: ['outer_key.inner_key'] } },
      { outer_key: { inner_key: 'inner_value' } },
      { outer_key: {} },
    ],
    [
      'MoveKeys',
      { MoveKeys: { Entries: [{ Source: 'outer_key1.inner_key1', Target: 'outer_key2' }] } },
      { outer_key1: { inner_key1: 'inner_value1' }, outer_key2: { inner_key2: 'inner_value2' } },
      { outer_key1: {}, outer_key2: { inner_key2: 'inner_value2', inner_key1: 'inner_value1' } },
    ],
    [
      'RenameKeys',
      { RenameKeys: { Entries: [{ Key: 'outer_key', RenameTo: 'new_key' }] } },
      { outer_key: { inner_key: 'inner_value' } },
      { new_key: { inner_key: 'inner_value' } },
    ],
    [
      'CopyValue, also of metadata',
      {
        CopyValue: {
          Entries: [
            { Source: 'outer_key.inner_key', Target: 'new_key' },
            { Source: '@logGroupName', Target: 'log_group_name' },
            { Source: '@logGroupStream', Target: 'log_group_stream' },
          ],
        },
      },
      { outer_key: { inner_key: 'inner_value' } },
      {
        outer_key: { inner_key: 'inner_value' },
        new_key: 'inner_value',
        log_group_name: 'group',
        log_group_stream: 'stream',
      },
    ],
    [
      'TypeConverter',
      {
        TypeConverter: {
          Entries: [
            { Key: 'a', Type: 'integer' },
            { Key: 'b', Type: 'double' },
            { Key: 'c', Type: 'boolean' },
            { Key: 'd', Type: 'string' },
            { Key: 'e', Type: 'integer' },
          ],
        },
      },
      { a: '4.7', b: '1.5', c: 'True', d: 12, e: 'none' },
      { a: 4, b: 1.5, c: true, d: '12', e: 'none' },
    ],
    ['LowerCaseString', { LowerCaseString: { WithKeys: ['a'] } }, { a: 'ABC', b: 'ABC' }, { a: 'abc', b: 'ABC' }],
    ['UpperCaseString', { UpperCaseString: { WithKeys: ['a'] } }, { a: 'abc' }, { a: 'ABC' }],
    ['TrimString', { TrimString: { WithKeys: ['a'] } }, { a: '  abc ' }, { a: 'abc' }],
  ])('%s', (_, processor, message, expected) => {
    expect(transform([parse, processor], JSON.stringify(message))).toEqual(expected);
  });

  it('leaves what is no JSON without fields', () => {
    expect(transform([parse], 'plain text')).toEqual({});
  });

  it('keeps the prototype of objects out of its reach', () => {
    const entries = [{ Key: '__proto__.polluted', Value: 'yes' }];

    transform([parse, { AddKeys: { Entries: entries } }], '{}');

    expect({}).not.toHaveProperty('polluted');
  });

  it('knows its log group by name', () => {
    expect(readTransformer(transformer([parse])).logGroup).toBe('group');
  });

  it.each([
    [[{ Grok: { Match: '%{WORD:a}' } }], 'TransformerConfig[0].Grok: is not emulated'],
    [[{ ParseJSON: { Source: 'a[0]' } }], 'TransformerConfig[0].ParseJSON.Source: only paths of names and dots'],
    [[{ AddKeys: {} }], 'TransformerConfig[0].AddKeys.Entries: must be a list'],
    [
      [{ CopyValue: { Entries: [{ Source: '@regionName', Target: 'a' }] } }],
      'TransformerConfig[0].CopyValue.Entries[0].Source: @regionName is not emulated',
    ],
    [
      [{ TypeConverter: { Entries: [{ Key: 'a', Type: 'date' }] } }],
      'TransformerConfig[0].TypeConverter.Entries[0].Type: date is no type',
    ],
  ])('that can not be emulated ends the start: %j', (config, message) => {
    expect(() => readTransformer(transformer(config))).toThrow(`Parsed (AWS::Logs::Transformer) ${message}`);
  });
});
