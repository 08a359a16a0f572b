import { render } from '../../../packages/template-runtime/test/api-gateway/velocity/template-case';
import { type AnswerCase, answerCases, keyCases, queryCases, requestCases } from './template-cases';

const STATUS: Readonly<Record<string, number>> = {
  incremented: 200,
  replayed: 200,
  read: 200,
  'limit-reached': 409,
  unavailable: 503,
  'no-room': 503,
  late: 503,
  'invalid-request': 400,
  'unknown-store': 404,
};

/** A read knows no limit and an increment reads nothing: what a method doesn't know it calls unknown. */
function statusOf({ method, outcome }: AnswerCase): number {
  const unknown = method === 'GET' ? ['incremented', 'replayed', 'limit-reached', 'no-room', 'late'] : ['read'];
  return unknown.includes(outcome) ? 504 : (STATUS[outcome] ?? 504);
}

interface Input {
  readonly key?: string;
  readonly useConditionalWrites?: boolean;
  readonly momentoStrategy?: string;
  readonly max?: string;
  readonly by?: string;
}

/** What the headers of an increment's answer say. */
const HEADERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  replayed: { 'Idempotent-Replay': 'true' },
  unavailable: { 'Retry-After': '1' },
  'no-room': { 'Retry-After': '30' },
  late: { 'Retry-After': '1' },
};

const startsExecution = ({ method }: { method: string }): boolean => method === 'GET' || method === 'POST';

describe('a request template', () => {
  const started = requestCases().filter(startsExecution);

  it('hands every id to the execution as the client meant it', () => {
    const ids = started.map((requestCase) => {
      const { input } = JSON.parse(render(requestCase).output) as { input: string };
      return { name: requestCase.name, id: (JSON.parse(input) as { id: string }).id };
    });

    expect(ids).toEqual(started.map(({ name, id }) => ({ name, id })));
  });

  it('lets no client choose the state machine or more of the input than store and id', () => {
    const seen = started.map((requestCase) => {
      const { stateMachineArn, input } = JSON.parse(render(requestCase).output) as Record<string, string>;
      const others = Object.entries(JSON.parse(input ?? '') as object).filter(
        ([key]) => key !== 'store' && key !== 'id',
      );
      return JSON.stringify({ template: requestCase.template, stateMachineArn, others });
    });

    expect(new Set(seen).size).toBe(new Set(started.map(({ template }) => template)).size + 1); // Momento's strategy
    expect(seen.filter((input) => input.includes('"key"'))).toEqual([]);
  });

  it('hands the lower one of two limits on, the step, and what is neither as the client sent it', () => {
    const cases = queryCases().filter(startsExecution);

    const inputs = cases.map((queryCase) => {
      const { name } = queryCase;
      const { input } = JSON.parse(render(queryCase).output) as { input: string };
      const { max, by, useConditionalWrites, momentoStrategy } = JSON.parse(input) as Input;
      return { name, max, by, useConditionalWrites, strategy: momentoStrategy !== undefined };
    });

    expect(inputs).toEqual(
      cases.map(({ name, method, meant }) => ({
        name,
        max: meant.max,
        by: meant.by,
        useConditionalWrites: method === 'POST' ? meant.max !== undefined : undefined,
        strategy: method === 'POST' && meant.max !== undefined,
      })),
    );
  });

  it('hands the header Idempotency-Key on, however it is spelled, as the client sent it, and nothing for none', () => {
    const cases = keyCases();

    const keys = cases.map((keyCase) => {
      const { input } = JSON.parse(render(keyCase).output) as { input: string };
      return { name: keyCase.name, keys: input.split('"key":').length - 1, key: (JSON.parse(input) as Input).key };
    });

    expect(keys).toEqual(cases.map(({ name, key }) => ({ name, keys: key === undefined ? 0 : 1, key })));
  });
});

describe('a response template', () => {
  const answers = answerCases().filter(({ template }) => template.includes('$input'));

  it.each(answers)('answers with the status of the outcome, and a counter only where it is known: $name', (answer) => {
    const { output, responseOverride } = render(answer);

    expect(responseOverride['status']).toBe(statusOf(answer));
    if (!answer.complete) return;
    const body = JSON.parse(output) as Record<string, unknown>;
    expect(responseOverride['header']).toEqual(statusOf(answer) === 504 ? {} : (HEADERS[answer.outcome] ?? {}));
    if (answer.method === 'POST') expect(body['retryable']).toBe(statusOf(answer) === 503 ? true : undefined);
    for (const field of ['counter', 'max', 'remaining'])
      expect(body[field]).toBe(statusOf(answer) === 504 ? undefined : answer.execution.output?.[field]);
    if (STATUS[answer.outcome] === 400 || STATUS[answer.outcome] === 404)
      expect(body).toEqual({ error: answer.execution.output?.['error'] });
  });
});
