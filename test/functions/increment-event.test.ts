import { InvalidRequestError } from '../../functions/counter-store';
import { parseIncrementEvent } from '../../functions/increment-event';

describe('the event of an increment', () => {
  it.each([
    [{ id: 'votes' }],
    [{ id: 'AZaz09._~:@-' }],
    [{ id: 'x'.repeat(128), max: '1' }],
    [{ id: '7', max: '9007199254740991' }],
  ])('is taken as it is: %j', (event) => {
    const request = parseIncrementEvent(event);

    expect(request).toEqual(event);
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
  ])('is rejected, naming the field: %j', (event, field) => {
    const parse = (): unknown => parseIncrementEvent(event);

    expect(parse).toThrow(InvalidRequestError);
    expect(parse).toThrow(new RegExp(`^${field} must be .*, got `));
  });

  it('chooses from the strategies that the store knows', () => {
    const strategies = ['compare-and-set', 'set-if-not-equal'];

    const request = parseIncrementEvent({ id: 'a', strategy: 'set-if-not-equal' }, strategies);

    expect(request).toEqual({ id: 'a', strategy: 'set-if-not-equal' });
    expect(() => parseIncrementEvent({ id: 'a', strategy: 'guess' }, strategies)).toThrow(
      'strategy must be one of compare-and-set, set-if-not-equal, got "guess"',
    );
  });

  it('quotes no more of a value than fits a message', () => {
    const parse = (): unknown => parseIncrementEvent({ id: 'x'.repeat(100_000) });

    expect(parse).toThrow(/^.{1,300}$/);
  });
});
