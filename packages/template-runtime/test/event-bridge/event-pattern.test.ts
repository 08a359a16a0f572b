import { compileEventPattern } from '../../event-bridge/event-pattern';

const matches = (pattern: unknown, event: unknown): boolean => compileEventPattern(pattern)(event);

const event = {
  source: 'aws.ec2',
  time: '2017-10-02T16:24:49Z',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-000000aaaaaa00000', 'second'],
  detail: {
    state: 'running',
    'c-count': 5,
    'x-limit': 301.8,
    'source-ip': '10.0.0.33',
    'source-ip6': '2001:db8::1',
    file: 'photo.PNG',
    path: '/usr/lib/a*b',
    empty: '',
    nothing: null,
    flag: true,
    tags: [],
    users: [
      { first: 'Anna', last: 'Smith' },
      { first: 'Bob', last: 'Jones' },
    ],
    nested: { deep: { value: 1 } },
  },
};

// Operators: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
describe('an event pattern', () => {
  it.each<[string, unknown, boolean]>([
    ['an exact value', { source: ['aws.s3', 'aws.ec2'] }, true],
    ['another value', { source: ['aws.s3'] }, false],
    ['a value in a list', { resources: ['second'] }, true],
    ['fields of which one differs', { source: ['aws.ec2'], time: ['never'] }, false],
    ['a nested field', { detail: { nested: { deep: { value: [1] } } } }, true],
    ['a text that looks like the number', { detail: { 'c-count': ['5'] } }, false],
    ['a boolean', { detail: { flag: [true] } }, true],
    ['null', { detail: { nothing: [null] } }, true],
    ['null where the field is missing', { detail: { missing: [null] } }, false],
    ['the empty text', { detail: { empty: [''] } }, true],
    ['a prefix', { time: [{ prefix: '2017-10-02' }] }, true],
    ['a prefix of a number', { detail: { 'c-count': [{ prefix: '5' }] } }, false],
    ['a prefix in another case', { source: [{ prefix: { 'equals-ignore-case': 'AWS.' } }] }, true],
    ['a suffix', { detail: { file: [{ suffix: '.png' }] } }, false],
    ['a suffix in another case', { detail: { file: [{ suffix: { 'equals-ignore-case': '.png' } }] } }, true],
    ['a text in another case', { detail: { state: [{ 'equals-ignore-case': 'RUNNING' }] } }, true],
    ['a wildcard', { detail: { path: [{ wildcard: '*/lib/*' }] } }, true],
    ['a wildcard that does not fit', { detail: { path: [{ wildcard: '*/bin/*' }] } }, false],
    ['an escaped asterisk', { detail: { path: [{ wildcard: '*a\\*b' }] } }, true],
    ['an escaped asterisk that is not there', { detail: { file: [{ wildcard: 'photo\\*' }] } }, false],
    ['anything but a text', { detail: { state: [{ 'anything-but': 'initializing' }] } }, true],
    ['anything but this text', { detail: { state: [{ 'anything-but': 'running' }] } }, false],
    ['anything but texts', { detail: { state: [{ 'anything-but': ['stopped', 'running'] }] } }, false],
    ['anything but numbers', { detail: { 'x-limit': [{ 'anything-but': [100, 200] }] } }, true],
    ['anything but a prefix', { detail: { state: [{ 'anything-but': { prefix: 'init' } }] } }, true],
    ['anything but prefixes', { detail: { state: [{ 'anything-but': { prefix: ['init', 'run'] } }] } }, false],
    ['anything but a suffix', { detail: { file: [{ 'anything-but': { suffix: '.PNG' } }] } }, false],
    [
      'anything but a text in any case',
      { detail: { state: [{ 'anything-but': { 'equals-ignore-case': 'Running' } }] } },
      false,
    ],
    ['anything but a wildcard', { detail: { path: [{ 'anything-but': { wildcard: '*/lib/*' } }] } }, false],
    ['anything but, of a missing field', { detail: { missing: [{ 'anything-but': 'x' }] } }, false],
    ['a range of numbers', { detail: { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] } }, true],
    ['a range that ends before', { detail: { 'c-count': [{ numeric: ['>', 0, '<', 5] }] } }, false],
    ['an equal number', { detail: { 'x-limit': [{ numeric: ['=', 3.018e2] }] } }, true],
    ['a number where there is a text', { detail: { state: [{ numeric: ['>', 0] }] } }, false],
    ['a network', { detail: { 'source-ip': [{ cidr: '10.0.0.0/24' }] } }, true],
    ['another network', { detail: { 'source-ip': [{ cidr: '10.1.0.0/24' }] } }, false],
    ['an IPv6 network', { detail: { 'source-ip6': [{ cidr: '2001:db8::/32' }] } }, true],
    ['a network where there is no address', { detail: { state: [{ cidr: '10.0.0.0/24' }] } }, false],
    ['a field that exists', { detail: { nothing: [{ exists: true }] } }, true],
    ['a field that does not exist', { detail: { missing: [{ exists: false }] } }, true],
    ['a field that should not exist', { detail: { state: [{ exists: false }] } }, false],
    ['an object, which is no leaf', { detail: { nested: [{ exists: false }] } }, true],
    ['an empty list, which has no value', { detail: { tags: [{ exists: false }] } }, true],
    ['a value or a missing field', { detail: { missing: ['x', { exists: false }] } }, true],
    ['a missing field of a missing object', { other: { field: [{ exists: false }] } }, true],
    ['one alternative', { $or: [{ source: ['aws.s3'] }, { detail: { 'c-count': [5] } }] }, true],
    ['no alternative', { $or: [{ source: ['aws.s3'] }, { detail: { 'c-count': [6] } }] }, false],
    ['alternatives beside a field', { time: ['x'], $or: [{ source: ['aws.ec2'] }, { source: ['aws.s3'] }] }, false],
    ['a name that comes again', { detail: { state: ['x'] }, 'detail.state': ['running'] }, true],
    [
      'a name that comes again in an alternative',
      { source: ['x'], $or: [{ source: ['aws.ec2'] }, { time: ['x'] }] },
      true,
    ],
    ['nested alternatives', { detail: { $or: [{ state: ['x'] }, { flag: [true] }] } }, true],
    ['fields of one object of a list', { detail: { users: { first: ['Anna'], last: ['Smith'] } } }, true],
    ['fields of two objects of a list', { detail: { users: { first: ['Anna'], last: ['Jones'] } } }, false],
    ['an inherited property', { constructor: { name: ['Object'] } }, false],
  ])('%s', (_, pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it.each<[string, unknown, unknown]>([
    ['the event', { 'a.b': { c: 1 } }, { a: { b: { c: [1] } } }],
    ['the pattern', { a: { b: { c: 1 } } }, { 'a.b.c': [1] }],
    ['both', { a: { 'b.c': 1 } }, { 'a.b': { c: [1] } }],
  ])('joins the names of %s by dots', (_, dotted, pattern) => {
    expect(matches(pattern, dotted)).toBe(true);
  });

  it.each<[string, unknown, boolean]>([
    ['two objects of one list', { a: { x: [1], y: [4] } }, false],
    ['one object of one list, by joined names', { 'a.x': [1], 'a.y': [2] }, true],
    ['two lists', { a: { x: [1] }, b: { z: [6] } }, true],
    ['one object of an inner list', { a: { x: [3], z: { p: [1], q: [2] } } }, true],
    ['two objects of an inner list', { a: { z: { p: [1], q: [9] } } }, false],
    ['an object where another has the field that it lacks', { a: { x: [1], z: { p: [{ exists: false }] } } }, true],
  ])('looks for %s', (_, pattern, expected) => {
    const lists = {
      a: [
        { x: 1, y: 2 },
        {
          x: 3,
          y: 4,
          z: [
            { p: 1, q: 2 },
            { p: 3, q: 9 },
          ],
        },
      ],
      b: [{ z: 5 }, { z: 6 }],
    };

    expect(matches(pattern, lists)).toBe(expected);
  });

  // The reasons are those of https://github.com/aws/event-ruler, which EventBridge gives word for word (see patterns/).
  it.each<[unknown, string]>([
    [undefined, 'Filter is not an object'],
    [{}, 'Empty objects are not allowed'],
    [{ source: 'aws.ec2' }, '"source" must be an object or an array (source)'],
    [{ source: [] }, 'Empty arrays are not allowed (source)'],
    [{ detail: {} }, 'Empty objects are not allowed (detail)'],
    [{ source: [['aws.ec2']] }, 'Match value must be String, number, true, false, or null (source)'],
    [{ source: [{ contains: 'x' }] }, 'Unrecognized match type contains (source)'],
    [{ source: [{ constructor: 'x' }] }, 'Unrecognized match type constructor (source)'],
    [{ source: [{}] }, 'Match expression name not found (source)'],
    [{ source: [{ prefix: 'a', suffix: 'b' }] }, 'Only one key allowed in match expression (source)'],
    [{ source: [{ prefix: 1 }] }, 'prefix match pattern must be a string (source)'],
    [{ source: [{ prefix: { wildcard: 'a*' } }] }, 'Unsupported prefix pattern: wildcard (source)'],
    [{ source: [{ exists: 'yes' }] }, 'exists match pattern must be either true or false. (source)'],
    [{ source: [{ numeric: ['~', 1] }] }, 'Unrecognized numeric range operator: ~ (source)'],
    [{ source: [{ numeric: ['>', '1'] }] }, 'Value of > must be numeric (source)'],
    [{ source: [{ numeric: ['=', 1, '<', 2] }] }, 'Too many elements in numeric expression (source)'],
    [{ source: [{ numeric: ['<', 5, '>', 0] }] }, 'Too many elements in numeric expression (source)'],
    [{ source: [{ numeric: ['>', 0, '>', 0] }] }, 'Bad numeric range operator: > (source)'],
    [{ source: [{ numeric: ['>', 0, '<', 5, '<', 6] }] }, 'Too many terms in numeric range expression (source)'],
    [{ source: [{ cidr: '10.0.0.0/33' }] }, 'IPv4 mask bits must be < 32 (source)'],
    [{ source: [{ cidr: '10.0.0.1/32' }] }, 'IPv4 mask bits must be < 32 (source)'],
    [{ source: [{ cidr: '2001:db8::/128' }] }, 'IPv6 mask bits must be < 128 (source)'],
    [{ source: [{ wildcard: 'a**b' }] }, 'Consecutive wildcard characters at pos 2 (source)'],
    [{ source: [{ wildcard: 'a\\b' }] }, 'Invalid escape character at pos 2 (source)'],
    [{ source: [{ 'anything-but': ['a', 1] }] }, 'all values are number or string'],
    [{ source: [{ 'anything-but': { numeric: ['>', 1] } }] }, 'Unsupported anything-but pattern: numeric (source)'],
    [{ source: [{ 'anything-but': { suffix: '' } }] }, 'Null prefix/suffix not allowed (source)'],
    [{ $or: [{ source: ['a'] }] }, 'There must have at least 2 Objects in $or relationship.'],
    [{ $or: [{ a: ['a'] }, 'b'] }, 'Only JSON object is allowed in array of $or relationship.'],
    [{ $or: { a: ['a'] } }, 'It must be an Array followed with $or.'],
  ])('%j is refused: %s', (pattern, message) => {
    expect(() => compileEventPattern(pattern)).toThrow(message);
  });
});
