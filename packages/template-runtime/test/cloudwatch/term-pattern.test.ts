import { compileFilterPattern } from '../../cloudwatch/filter-pattern';

const matches = (pattern: string, message: string): boolean => compileFilterPattern(pattern).matches(message);

// Examples of https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html
describe('a pattern of terms', () => {
  it.each([
    ['', '[INFO] anything', true],
    ['ERROR', '[ERROR 400] BAD REQUEST', true],
    ['ERROR', '[error 400] bad request', false],
    ['ERROR', 'Exiting with ERRORCODE: -1', true],
    ['"ERROR" -"Exiting"', 'Exiting with ERRORCODE: -1', false],
    ['ERROR -Exiting', '[ERROR] A fatal exception has occurred', true],
    ['ERROR Exception', '[ERROR] Caught IllegalArgumentException', true],
    ['ERROR Exception', '[ERROR] Caught something', false],
    ['?ERROR ?WARN', '[WARN] slow', true],
    ['?ERROR ?WARN', '[INFO] fine', false],
    ['?ERROR REQUEST', '[INFO] REQUEST', true],
    ['"INTERNAL SERVER ERROR"', '[ERROR 500] INTERNAL SERVER ERROR', true],
    ['"INTERNAL SERVER ERROR"', 'SERVER INTERNAL ERROR', false],
    ['"say \\"hi\\""', 'they say "hi"', true],
    ['%AUTHORIZED%', 'UNAUTHORIZED', true],
    ['%^4[0-9][0-9]%', '404 not found', true],
    ['-%4[0-9][0-9]%', '404 not found', false],
  ])('%j on %j: %s', (pattern, message, expected) => {
    expect(matches(pattern, message)).toBe(expected);
  });

  it.each([
    ['[ip, user]', 'space-delimited events are not emulated'],
    ['a.b', 'stand in double quotes'],
    ['"open', 'stand in double quotes'],
    ['%a(b)%', "characters that a filter's expression can't have"],
  ])('%s is refused: %s', (pattern, message) => {
    expect(() => compileFilterPattern(pattern)).toThrow(message);
  });
});
