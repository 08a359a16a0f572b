import { compileJsonPattern } from '../../cloudwatch/json-pattern';

const matches = (pattern: string, document: unknown): boolean => compileJsonPattern(pattern).matches(document);

// The documents and most patterns are those of AWS's page:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
const event = {
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  'cluster.name': 'c',
};
const compound = {
  user: { id: 1, email: 'John.Stiles@example.com' },
  users: [
    { id: 2, email: 'John.Doe@example.com' },
    { id: 3, email: 'Jane.Doe@example.com' },
  ],
  actions: ['GET', 'PUT', 'DELETE'],
  coordinates: [
    [0, 1, 2],
    [4, 5, 6],
    [7, 8, 9],
  ],
};
const numbers = { latency: 500, errorCode: '400', price: 55.5, small: 0.01, negative: -5, flag: false, empty: '' };

describe('a JSON pattern', () => {
  it.each([
    ['{ $.eventType = "UpdateTrail" }', true],
    ['{ $.eventType = UpdateTrail }', true],
    ['{ $.eventType = "updatetrail" }', false],
    ['{ $.eventType != "UpdateTrail" }', false],
    ['{ $.sourceIPAddress != 123.123.* }', true],
    ['{ $.sourceIPAddress = 111.111.* }', true],
    ['{ $.eventType = *Trail }', true],
    ['{ $.eventType = "*dateTr*" }', true],
    ['{ $.eventType = Up*il }', false],
    ['{ $.eventType = * }', true],
    ['{ $.nothing = * }', false],
    ['{ $.arrayKey[0] = "value" }', true],
    ['{ $.arrayKey[2] = "value" }', false],
    ['{ $.eventType[0] = "U" }', false],
    ['{ $.objectList[1].id = 2 }', true],
    ['{ $.objectList[1].name = 2 }', false],
    ['{ $.eventType = %Trail% }', true],
    ['{ $.eventType != %^Update% }', false],
    ['{ $.arrayKey[*] = %val.{2}% }', true],
    ['{ $.arrayKey[*] = "another value" }', true],
    ['{ $.arrayKey[*] = "third" }', false],
    ['{ $.* = %111\\.111\\.111\\.1[0-9]{1,2}% }', true],
    ['{ $.[\'cluster.name\'] = "c" }', true],
    ['{ $.SomeObject IS NULL }', true],
    ['{ $.eventType IS NULL }', false],
    ['{ $.SomeOtherObject IS NULL }', false],
    ['{ $.SomeOtherObject NOT EXISTS }', true],
    ['{ $.SomeObject NOT EXISTS }', false],
    ['{ $.ThisFlag IS TRUE }', true],
    ['{ $.ThisFlag IS FALSE }', false],
    ['{ $.ThisFlag = true }', true],
  ])('%s on the example event: %s', (pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it.each([
    ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', true],
    ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', false],
    ['{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }', true],
    [
      '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }',
      false,
    ],
    ['{$.user.id=1&&$.coordinates[1][2]=6}', true],
  ])('%s on the example of compound conditions: %s', (pattern, expected) => {
    expect(matches(pattern, compound)).toBe(expected);
  });

  it.each([
    ['{ $.latency >= 500 }', true],
    ['{ $.latency > 500 }', false],
    ['{ $.latency < 10e3 }', true],
    ['{ $.latency <= +499.9 }', false],
    ['{ $.latency = 5e2 }', true],
    ['{ $.latency = "500" }', true],
    ['{ $.latency != 500 }', false],
    ['{ $.price <= 55.5 }', true],
    ['{ $.small > 10e-4 }', true],
    ['{ $.negative < -4 }', true],
    ['{ $.errorCode = 400 }', true],
    ['{ $.errorCode > 399 }', true],
    ['{ $.flag > 0 }', false],
    ['{ $.empty >= 0 }', false],
    ['{ $.missing < 1 }', false],
  ])('%s on numbers: %s', (pattern, expected) => {
    expect(matches(pattern, numbers)).toBe(expected);
  });

  // Tried on AWS: https://github.com/DataBiosphere/azul/issues/5884; lists: the page's "JSON Special Considerations".
  it.each(['missing', 'SomeObject', 'arrayKey', 'objectList'])('no comparison holds for $.%s', (field) => {
    expect(matches(`{ $.${field} = "x" }`, event)).toBe(false);
    expect(matches(`{ $.${field} != "x" }`, event)).toBe(false);
  });

  it('never looks at inherited properties', () => {
    expect(matches('{ $.constructor NOT EXISTS }', {})).toBe(true);
    expect(matches('{ $.toString.name = "toString" }', {})).toBe(false);
  });

  it('does not match what is no document', () => {
    expect(matches('{ $.a = 1 }', undefined)).toBe(false);
  });

  it.each([
    ['{ $.a = }', 'a value is expected instead of "}"'],
    ['{ $.a = "b"', '"}" is missing at the end'],
    ['{ $.a = "b" } more', 'the pattern has ended before "more"'],
    ['{ a = "b" }', 'a selector is expected instead of "a"'],
    ['{ $.a EXISTS }', '"EXISTS" is no operator'],
    ['{ $.a IS NOT NULL }', 'IS NOT is no operator'],
    ['{ $.a NOT NULL }', 'EXISTS is expected after NOT'],
    ['{ $.a > "b" }', '> takes a number, got "b"'],
    ['{ $.a = $.b }', 'a value is expected instead of "$.b"'],
    ['{ $.a = %(b)% }', 'characters that a filter'],
    ['{ $.a = %b% && $.c = %d% && $.e = %f% }', 'may have 2 regular expressions'],
    ['{ $.*.* = 1 }', 'more than one wildcard'],
    ['{ $.a.* = 1 && $.b.* = 1 && $.c.* = 1 && $.d.* = 1 }', 'may have 3 wildcard selectors'],
    ['{ }', 'a selector is expected'],
    ['{ $ = 1 }', 'a selector is expected'],
  ])('%s is refused: %s', (pattern, message) => {
    expect(() => compileJsonPattern(pattern)).toThrow(message);
  });
});
