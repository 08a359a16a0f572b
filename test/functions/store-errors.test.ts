import { NotAppliedError, StoreUnavailableError, UnknownOutcomeError } from '../../functions/counter-store';
import { storeErrors } from '../../functions/store-errors';

const cause = new Error('10.0.0.7 said no');
const errors = storeErrors('redis');

describe("a store's errors", () => {
  it.each([
    [errors.unreachable(cause), StoreUnavailableError, 'redis could not be reached'],
    [errors.refused('read', 'NOAUTH', cause), StoreUnavailableError, 'redis refused the read (NOAUTH)'],
    [errors.notACounter(cause), StoreUnavailableError, 'redis holds no whole number under this counter id'],
    [
      errors.closedUnsent('increment', cause),
      NotAppliedError,
      'redis closed the connection before the increment was sent',
    ],
    [errors.refusedForNow('increment', 'BUSY', cause), NotAppliedError, 'redis refused the increment for now (BUSY)'],
    [errors.unanswered('read', cause), UnknownOutcomeError, 'redis did not answer the read'],
    [errors.unanswered('read', cause, 'TIMEOUT'), UnknownOutcomeError, 'redis did not answer the read (TIMEOUT)'],
    [errors.unknownAnswer(cause), UnknownOutcomeError, 'redis answered with an error that is not known'],
  ])('name the store and keep the cause apart from the message: %s', (error, type, message) => {
    expect(error).toBeInstanceOf(type);
    expect(error.message).toBe(message);
    expect(error.cause).toBe(cause);
  });

  it('tell of other increments that were faster, which is no error of the client', () => {
    const error = errors.othersFaster();

    expect(error).toBeInstanceOf(NotAppliedError);
    expect(error.message).toBe('redis: other increments of this counter were faster');
  });

  it('call not applied what would be unknown, where nothing has been written, and keep the cause', () => {
    const error = errors.unwritten(errors.unanswered('increment', cause));

    expect(error).toBeInstanceOf(NotAppliedError);
    expect(error).toMatchObject({ message: 'redis did not answer the increment, and nothing had been written', cause });
    expect(errors.unwritten(errors.notKeys())).toEqual(errors.notKeys());
    expect(errors.unwritten(cause)).toBe(cause);
  });

  it('say what the store holds for a counter', () => {
    expect(storeErrors('docdb', 'int').notACounter().message).toBe('docdb holds no int under this counter id');
  });
});
