import fc from 'fast-check';
import { InvalidRequestError } from '../../functions/counter-store';
import { parseCounterEvent } from '../../functions/counter-event';

describe('the event of a call', () => {
  it.each([
    [{ operation: 'read', id: 'votes' }],
    [{ operation: 'increment', id: 'AZaz09._~:@-' }],
    [{ operation: 'increment', id: 'x'.repeat(128), max: '1' }],
    [{ operation: 'increment', id: '7', max: '9007199254740991' }],
  ])('is taken as it is: %j', (event) => {
    const request = parseCounterEvent(event);

    expect(request).toEqual(event);
  });

  it('asks for an increment where it names no operation', () => {
    const request = parseCounterEvent({ id: 'votes' });

    expect(request).toEqual({ operation: 'increment', id: 'votes' });
  });

  it.each([
    [undefined, 'id'],
    [null, 'id'],
    ['votes', 'id'],
    [[], 'id'],
    [{}, 'id'],
    [{ id: 7 }, 'id'],
    [{ id: '' }, 'id'],
    [{ id: 'x'.repeat(129) }, 'id'],
    [{ id: 'a b' }, 'id'],
    [{ id: 'a\n' }, 'id'],
    [{ id: 'a/b' }, 'id'],
    [{ id: 'a}' }, 'id'],
    [{ id: 'é' }, 'id'],
    [{ id: { $gt: '' } }, 'id'],
    [{ id: 'a', max: 10 }, 'max'],
    [{ id: 'a', max: null }, 'max'],
    [{ id: 'a', max: '' }, 'max'],
    [{ id: 'a', max: '0' }, 'max'],
    [{ id: 'a', max: '-1' }, 'max'],
    [{ id: 'a', max: '1.5' }, 'max'],
    [{ id: 'a', max: '1e3' }, 'max'],
    [{ id: 'a', max: '01' }, 'max'],
    [{ id: 'a', max: '9007199254740992' }, 'max'],
    [{ id: 'a', max: '99999999999999999999' }, 'max'],
    [{ id: 'a', strategy: 'compare-and-set' }, 'strategy'],
    [{ id: 'a', operation: 'reset' }, 'operation'],
    [{ id: 'a', operation: null }, 'operation'],
    [{ id: 'a', operation: ['read'] }, 'operation'],
  ])('is rejected, naming the field: %j', (event, field) => {
    const parse = (): unknown => parseCounterEvent(event);

    expect(parse).toThrow(InvalidRequestError);
    expect(parse).toThrow(new RegExp(`^${field} must be .*, got `));
  });

  it('chooses from the strategies that the store knows', () => {
    const strategies = ['compare-and-set', 'set-if-not-equal'];

    const request = parseCounterEvent({ id: 'a', strategy: 'set-if-not-equal' }, strategies);

    expect(request).toEqual({ operation: 'increment', id: 'a', strategy: 'set-if-not-equal' });
    expect(() => parseCounterEvent({ id: 'a', strategy: 'guess' }, strategies)).toThrow(
      'strategy must be one of compare-and-set, set-if-not-equal, got "guess"',
    );
  });

  it('quotes no more of a value than fits a message', () => {
    const parse = (): unknown => parseCounterEvent({ id: 'x'.repeat(100_000) });

    expect(parse).toThrow(/^.{1,300}$/);
  });

  it('is either rejected, in a line, or read as what it says, whatever JSON it is', () => {
    const field = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constantFrom('read', 'votes', '3', 'x'));
    const event = fc.oneof(
      fc.jsonValue(),
      fc.record({ operation: field, id: field, max: field, strategy: field }, { requiredKeys: [] }),
    );

    fc.assert(
      fc.property(event, (value) => {
        try {
          const { operation, id, max, strategy } = parseCounterEvent(value, ['x']);
          expect(['increment', 'read']).toContain(operation);
          expect(id).toMatch(/^[A-Za-z0-9._~:@-]{1,128}$/);
          expect(Number(max ?? 1)).toBeGreaterThan(0);
          expect([undefined, 'x']).toContain(strategy);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRequestError);
          expect((error as Error).message).toMatch(/^[^\n]{1,300}$/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
