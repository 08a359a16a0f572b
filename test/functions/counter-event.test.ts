import fc from 'fast-check';
import { InvalidRequestError } from '../../functions/counter-store';
import { parseCounterEvent } from '../../functions/counter-event';

const KEYED = { id: 'votes', key: 'k', sentAt: 1_795_000_000, windowSeconds: 120, cap: 1000 };

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

  it.each(['1', '2', '1000000'])('has a step as a string of digits: %s', (by) => {
    const request = parseCounterEvent({ id: 'votes', by });

    expect(request).toEqual({ operation: 'increment', id: 'votes', by: Number(by) });
  });

  it.each(['0', '-1', '01', '1.5', '1e3', ' 1', '', '1000001', '9007199254740993', 3, null, ['3'], { by: '3' }])(
    'is rejected for a step that is none, naming rule and value: %j',
    (by) => {
      const parse = (): unknown => parseCounterEvent({ id: 'votes', by });

      expect(parse).toThrow(InvalidRequestError);
      expect(parse).toThrow(`by must be a string of digits from 1 to 1000000, got ${JSON.stringify(by)}`);
    },
  );

  it('has no step where it is a read', () => {
    const parse = (): unknown => parseCounterEvent({ operation: 'read', id: 'votes', by: '3' });

    expect(parse).toThrow('by must be absent for a read, got "3"');
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

  it.each([
    [{ key: 'AZaz09._~:@-' }],
    [{ key: 'x'.repeat(64) }],
    [{ sentAt: 1_000_000_000 }],
    [{ sentAt: 9_999_999_999 }],
    [{ windowSeconds: 60 }],
    [{ windowSeconds: 604_800 }],
    [{ cap: 1 }],
    [{ cap: 1000 }],
    [{ max: '10' }],
  ])('has all of an increment with an idempotency key: %j', (fields) => {
    const event = { ...KEYED, ...fields };

    const request = parseCounterEvent(event);

    const { id, ...keyed } = event;
    expect(request).toMatchObject({ operation: 'increment', id, keyed });
  });

  it('has the step of an increment with an idempotency key', () => {
    const request = parseCounterEvent({ ...KEYED, by: '3', max: '10' });

    expect(request.keyed).toMatchObject({ key: 'k', by: 3, max: '10' });
  });

  it.each([
    [{ key: '' }, 'key'],
    [{ key: null }, 'key'],
    [{ key: 7 }, 'key'],
    [{ key: 'x'.repeat(65) }, 'key'],
    [{ key: 'a b' }, 'key'],
    [{ key: 'a|b' }, 'key'],
    [{ key: 'é' }, 'key'],
    [{ key: ['k'] }, 'key'],
    [{ operation: 'read' }, 'key'],
    [{ sentAt: undefined }, 'sentAt'],
    [{ sentAt: '1795000000' }, 'sentAt'],
    [{ sentAt: 1_795_000_000.5 }, 'sentAt'],
    [{ sentAt: 1_795_000_000_000 }, 'sentAt'],
    [{ sentAt: -1 }, 'sentAt'],
    [{ sentAt: NaN }, 'sentAt'],
    [{ windowSeconds: undefined }, 'windowSeconds'],
    [{ windowSeconds: 59 }, 'windowSeconds'],
    [{ windowSeconds: '120' }, 'windowSeconds'],
    [{ windowSeconds: 1e9 }, 'windowSeconds'],
    [{ cap: undefined }, 'cap'],
    [{ cap: 0 }, 'cap'],
    [{ cap: 1001 }, 'cap'],
    [{ cap: 1.5 }, 'cap'],
    [{ cap: null }, 'cap'],
  ])('is rejected, naming the field, with an idempotency key and %j', (fields, field) => {
    const parse = (): unknown => parseCounterEvent({ ...KEYED, ...fields });

    expect(parse).toThrow(InvalidRequestError);
    expect(parse).toThrow(new RegExp(`^${field} must be .*, got `));
  });

  it('is not asked for what goes with a key where it has none', () => {
    const request = parseCounterEvent({ id: 'votes', sentAt: 'now', windowSeconds: null, cap: -1 });

    expect(request).toEqual({ operation: 'increment', id: 'votes' });
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
    const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(1_795_000_000, 60, 120, 1000));
    const event = fc.oneof(
      fc.jsonValue(),
      fc.record({ operation: field, id: field, max: field, by: field, strategy: field }, { requiredKeys: [] }),
      fc.record({ id: fc.constant('votes'), key: field, sentAt: field, windowSeconds: field, cap: field }),
      fc.record({
        id: fc.constant('votes'),
        key: fc.constant('k'),
        sentAt: number,
        windowSeconds: number,
        cap: number,
      }),
    );

    fc.assert(
      fc.property(event, (value) => {
        try {
          const { operation, id, max, by = 1, strategy, keyed } = parseCounterEvent(value, ['x']);
          expect(['increment', 'read']).toContain(operation);
          expect(id).toMatch(/^(?!\.{1,2}$)[A-Za-z0-9._~:@-]{1,128}$/);
          expect(Number(max ?? 1)).toBeGreaterThan(0);
          expect(Number.isInteger(by) && by >= 1 && by <= 1_000_000).toBe(true);
          expect([undefined, 'x']).toContain(strategy);
          if (keyed === undefined) return;
          const { key, sentAt, windowSeconds, cap } = keyed;
          expect(key).toMatch(/^[A-Za-z0-9._~:@-]{1,64}$/);
          expect([sentAt, windowSeconds, cap].every(Number.isInteger)).toBe(true);
          expect(windowSeconds).toBeGreaterThanOrEqual(60);
          expect(cap).toBeLessThanOrEqual(1000);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRequestError);
          expect((error as Error).message).toMatch(/^[^\n]{1,300}$/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
