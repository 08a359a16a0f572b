import { compileEventPattern } from '../../../local/event-bridge/event-pattern';

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
    ['alternatives beside a field', { source: ['aws.s3'], $or: [{ source: ['aws.ec2'] }, { time: ['x'] }] }, false],
    ['nested alternatives', { detail: { $or: [{ state: ['x'] }, { flag: [true] }] } }, true],
    ['fields of one object of a list', { detail: { users: { first: ['Anna'], last: ['Smith'] } } }, true],
    ['fields of two objects of a list', { detail: { users: { first: ['Anna'], last: ['Jones'] } } }, false],
    ['an inherited property', { constructor: { name: ['Object'] } }, false],
  ])('%s', (_, pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it.each<[unknown, string]>([
    [undefined, 'an event pattern is an object'],
    [{}, 'an event pattern is an object'],
    [{ source: 'aws.ec2' }, '"source" must be a list or an object'],
    [{ source: [] }, '"source" is an empty list'],
    [{ detail: {} }, '"detail" is an empty object'],
    [{ source: [['aws.ec2']] }, '"source" has a list within its list'],
    [{ source: [{ contains: 'x' }] }, '"source" has no operator contains'],
    [{ source: [{ prefix: 'a', suffix: 'b' }] }, '"source" must have one operator in each object'],
    [{ source: [{ prefix: 1 }] }, '"source": prefix can not take 1'],
    [{ source: [{ exists: 'yes' }] }, '"source": exists takes true or false'],
    [{ source: [{ numeric: ['~', 1] }] }, '"source": numeric can not take ["~",1]'],
    [{ source: [{ numeric: ['>', '1'] }] }, '"source": numeric can not take'],
    [{ source: [{ cidr: '10.0.0.0/33' }] }, '"source": cidr can not take'],
    [{ source: [{ wildcard: 'a**b' }] }, '"source": wildcard can not take'],
    [{ source: [{ wildcard: 'a\\b' }] }, '"source": wildcard can not take'],
    [{ source: [{ 'anything-but': ['a', 1] }] }, '"source": anything-but can not take'],
    [{ source: [{ 'anything-but': { numeric: ['>', 1] } }] }, '"source": anything-but can not take'],
    [{ $or: [{ source: ['a'] }] }, '"$or" must be a list of two patterns or more'],
  ])('%j is refused: %s', (pattern, message) => {
    expect(() => compileEventPattern(pattern)).toThrow(message);
  });
});
