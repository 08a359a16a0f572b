import type { RawTemplate } from 'template-runtime/cloudformation';
import { resolveTemplate } from 'template-runtime/cloudformation';
import type { TemplateCase } from '../../../packages/template-runtime/test/api-gateway/velocity/template-case';
import { synthesized } from '../synthesized';

/** A mapping template of the synthesized app with something to map. */
export interface AppCase extends TemplateCase {
  readonly name: string;
  readonly method: string;
}

/** A request template's case: what the client sent as the path's last part, and what that means. */
export interface RequestCase extends AppCase {
  readonly id: string;
}

/** A response template's case: how the execution ended. */
export interface AnswerCase extends AppCase {
  readonly outcome: string;
  readonly execution: { readonly status: string; readonly output?: Readonly<Record<string, unknown>> };
  /** Nothing is absent that the state machine always gives. */
  readonly complete: boolean;
}

interface Method {
  readonly HttpMethod: string;
  readonly Integration: {
    readonly RequestTemplates: Readonly<Record<string, string>>;
    readonly IntegrationResponses: readonly {
      readonly StatusCode: string;
      readonly ResponseTemplates?: Readonly<Record<string, string>>;
    }[];
  };
}

/** Ids as a client may send them, and as they arrive in the execution's input. */
const IDS: Readonly<Record<string, string>> = {
  votes: 'votes',
  'a%20b': 'a b',
  'a+b': 'a+b',
  'a%2Bb': 'a+b',
  '100%': '100%',
  '%zz': '%zz',
  '%': '%',
  "it's": "it's",
  '%22%5C%2F': '"\\/',
  '%0A%00%7F': '\n\0\x7f',
  '%E4': '\ufffd',
  '%C3%A4%F0%9F%99%82': 'ä🙂',
  $x: '$x',
  '${context.apiId}': '${context.apiId}',
  '%24input.body': '$input.body',
  '#set($a=1)': '#set($a=1)',
  '%23%23': '##',
  '#*': '#*',
  "\\'": "\\'",
  '\\"}': '\\"}',
};

const HOSTILE = '"\\\'</script> $x ${y} #set($z = 1) #if(true) ## \u2028 ä🙂 \ud800';

/** How an execution can end, in full. */
const OUTCOMES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  incremented: { store: 'redis', id: 'votes:1', counter: 4, useConditionalWrites: true, max: 10, remaining: 6 },
  replayed: { store: 'redis', id: 'votes:1', counter: 4, useConditionalWrites: true, max: 10, remaining: 6 },
  'limit-reached': { store: 'redis', id: 'votes:1', useConditionalWrites: true, max: 10, remaining: 2 },
  read: { store: 'redis', id: 'votes:1', counter: 0, consistency: 'strong', max: 10, remaining: 10 },
  unavailable: { store: 'redis', id: 'votes:1' },
  'no-room': { store: 'redis', id: 'votes:1' },
  late: { store: 'redis', id: 'votes:1' },
  unknown: { store: 'redis', id: 'votes:1' },
  'invalid-request': { error: HOSTILE },
  'unknown-store': { error: HOSTILE },
  'none of these': { store: 'redis', id: 'votes:1' },
};

/** What the state machine gives only where it knows it. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  incremented: ['max', 'remaining'],
  replayed: ['max', 'remaining'],
  'limit-reached': ['remaining'],
};

/**
 * The methods of an app that never, and of one that always has a limit. Of the stores, only Momento has a say in a mapping
 * template.
 */
const DEPLOYMENTS: readonly { name: string; limit: string | undefined; methods: Method[] }[] = ['false', 'true'].map(
  (conditional) => ({
    name: `USE_CONDITIONAL_WRITES=${conditional}`,
    limit: conditional === 'true' ? '10' : undefined,
    methods: resolveTemplate(
      synthesized({ USE_CONDITIONAL_WRITES: conditional, STORES: 'dynamo,momento' }).toJSON() as RawTemplate,
    )
      .resources.filter(({ type }) => type === 'AWS::ApiGateway::Method')
      .map(({ properties }) => properties as unknown as Method),
  }),
);

/** Every request template of the app, over every id and every store. */
export function requestCases(): RequestCase[] {
  return DEPLOYMENTS.flatMap(({ name, methods }) =>
    methods.flatMap(({ HttpMethod, Integration }) =>
      Object.entries(Integration.RequestTemplates).flatMap(([type, template]) =>
        ['dynamo', 'momento', 'none', '%2F'].flatMap((store) =>
          Object.entries(IDS).map(([sent, id]) => ({
            name: `${name}: ${HttpMethod} /${store}/${sent} of ${type}`,
            method: HttpMethod,
            template,
            id,
            body: `{"stateMachineArn":${JSON.stringify(HOSTILE)}}`,
            params: {
              path: { store, id: sent },
              querystring: { id: 'other', 'Idempotency-Key': 'other' },
              header: { 'X-In': HOSTILE, id: 'other', key: 'other' },
            },
            context: { requestId: '0f3c9a52-5e1c-4c55-9d0e-0e1f6b7a1c2d' },
          })),
        ),
      ),
    ),
  );
}

/** A request template's case: what its headers say, and the idempotency key that this means. */
export interface KeyCase extends AppCase {
  readonly key: string | undefined;
}

/** Every request template of an increment, over headers that are, or aren't, an idempotency key. */
export function keyCases(): KeyCase[] {
  const spelled = ['Idempotency-Key', 'idempotency-key', 'IDEMPOTENCY-KEY', 'iDEMPOTENCY-kEY'];
  const values = ['order-17', '', ' ', HOSTILE, '"8e03978e"', '\\"}', '\\u0022', 'ä', '%41+', '$key', 'k'.repeat(8000)];
  const given: [headers: Record<string, string>, key: string | undefined][] = [
    ...spelled.map((name): [Record<string, string>, string] => [{ [name]: 'order-17' }, 'order-17']),
    ...values.map((value): [Record<string, string>, string] => [{ 'Idempotency-Key': value }, value]),
    [{}, undefined],
    [{ 'X-Idempotency-Key': 'a', Idempotency: 'b', 'Idempotency-Keys': 'c', key: 'd' }, undefined],
    [{ 'Idempotency-Key': 'first', 'idempotency-key': 'last' }, 'last'],
  ];
  return requestCases()
    .filter(({ method, params }) => method === 'POST' && params?.path['id'] === 'votes')
    .flatMap((request) =>
      given.map(([header, key]) => ({
        ...request,
        key,
        name: `${request.name} with ${JSON.stringify(header).slice(0, 60)}`,
        params: { path: {}, querystring: {}, ...request.params, header },
      })),
    );
}

/** A request template's case: what its query says, and the limit and the step that this means. */
export interface QueryCase extends AppCase {
  readonly meant: { readonly max?: string; readonly by?: string };
}

const LARGEST = String(Number.MAX_SAFE_INTEGER);

/** Limits as a client may ask for them, and what that means where the deployment has none, and where it has 10. */
const LIMITS: readonly [asked: string, alone: string, below10: string][] = [
  ['1', '1', '1'],
  ['9', '9', '9'],
  ['10', '10', '10'],
  ['11', '11', '10'],
  ['2', '2', '2'],
  ['100', '100', '10'],
  [LARGEST, LARGEST, '10'],
  ...['9007199254740992', '10000000000000000', '0', '-1', '010', '+5', '5.0', '5e2', ' 5', '5 ', '', '٥', HOSTILE].map(
    (invalid): [string, string, string] => [invalid, invalid, invalid],
  ),
];

/** Every request template, over queries with and without a limit and a step. */
export function queryCases(): QueryCase[] {
  return DEPLOYMENTS.flatMap(({ name, limit, methods }) =>
    methods.flatMap(({ HttpMethod: method, Integration }) => {
      const deployed = method === 'POST' && limit !== undefined ? { max: limit } : {};
      const steps = ['1', '4', '1000001', '0', '', HOSTILE];
      const given: [query: Record<string, string>, meant: QueryCase['meant']][] = [
        [{}, deployed],
        [{ Max: '5', limit: '5', By: '5', step: '5' }, deployed],
        ...LIMITS.map(([max, alone, below10]): [Record<string, string>, QueryCase['meant']] => [
          { max },
          { max: limit === undefined ? alone : below10 },
        ]),
        ...steps.map((by): [Record<string, string>, QueryCase['meant']] => [
          { by, max: '3' },
          { max: '3', ...(method === 'POST' ? { by } : {}) },
        ]),
      ];
      return Object.entries(Integration.RequestTemplates).flatMap(([type, template]) =>
        given.map(([querystring, meant]) => ({
          name: `${name}: ${method} of ${type} with ${JSON.stringify(querystring)}`,
          method,
          template,
          meant,
          body: '',
          params: { path: { store: 'momento', id: 'votes' }, querystring, header: {} },
          context: { requestId: '0f3c9a52-5e1c-4c55-9d0e-0e1f6b7a1c2d' },
        })),
      );
    }),
  );
}

/** Every response template of the app, over every outcome, with all its fields, without each, and without any. */
export function answerCases(): AnswerCase[] {
  return DEPLOYMENTS.flatMap(({ name, methods }) =>
    methods.flatMap(({ HttpMethod, Integration }) =>
      Integration.IntegrationResponses.flatMap(({ StatusCode, ResponseTemplates = {} }) =>
        Object.values(ResponseTemplates).flatMap((template) =>
          executions().map((ended) => ({
            ...ended,
            name: `${name}: ${HttpMethod} ${StatusCode} ${JSON.stringify(ended.execution)}`,
            method: HttpMethod,
            template,
            body: JSON.stringify({
              executionArn: 'arn:aws:states:us-east-1:111122223333:express:machine:name:id',
              status: ended.execution.status,
              ...(ended.execution.output && { output: JSON.stringify(ended.execution.output) }),
            }),
          })),
        ),
      ),
    ),
  );
}

function executions(): Pick<AnswerCase, 'outcome' | 'execution' | 'complete'>[] {
  const succeeded = Object.entries(OUTCOMES).flatMap(([outcome, fields]) => {
    const names = Object.keys(fields);
    return [[], ...names.map((name) => [name]), names].map((absent) => ({
      outcome,
      execution: {
        status: 'SUCCEEDED',
        output: { outcome, ...Object.fromEntries(Object.entries(fields).filter(([name]) => !absent.includes(name))) },
      },
      complete: absent.every((name) => OPTIONAL[outcome]?.includes(name)),
    }));
  });
  const others = [{ status: 'FAILED' }, { status: 'TIMED_OUT' }, { status: 'SUCCEEDED', output: {} }];
  return [...succeeded, ...others.map((execution) => ({ outcome: 'none', execution, complete: true }))];
}
