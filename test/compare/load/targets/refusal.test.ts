import { refusal, refusedAt } from '../../../../compare/load';

describe('what a refusal tells of the counter', () => {
  it.each([
    ['what is left of the limit', { max: 10, remaining: 2 }, 8],
    ['one below zero', { max: 2, remaining: 7 }, -5],
    ['nothing that is left: it may be above', { max: 10, remaining: 0 }, undefined],
    ['no remainder', { max: 10 }, undefined],
    ['texts', { max: '10', remaining: '2' }, undefined],
    ['no JSON', undefined, undefined],
  ])('is, of %s, found', (_, body, counter) => {
    expect(refusedAt(body)).toBe(counter);
    expect(refusal(refusedAt(body))).toEqual({
      status: 'limit-reached',
      ...(counter === undefined ? {} : { counter }),
    });
  });
});
