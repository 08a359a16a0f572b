import fc from 'fast-check';
import { clientOn } from '../../client/src/client';
import { FORBIDDEN, incremented, LIMIT_REACHED, page, replayed, THROTTLED, UNAVAILABLE, UNKNOWN } from './answers';
import { type Received, type ScriptedApi, startScriptedApi, type Step } from './scripted-api';
import { virtualClock } from './virtual-clock';

/**
 * Faults of the way and of the API. `lost` and `hung` are tried on both sides of the write: the counter has counted, or not,
 * and the client can't tell.
 */
const FAULTS = [
  'unavailable',
  'throttled',
  'forbidden',
  'proxy 502',
  'proxy 503',
  'proxy 429',
  'other 503',
  'unknown',
  'lost',
  'cut',
  'hung',
  'mangled',
] as const;
type Fault = (typeof FAULTS)[number];
interface Event {
  readonly fault: Fault | 'none';
  /** Whether a request that meets the fault reaches the counter. Only those that prove nothing may. */
  readonly applied: boolean;
  /** Virtual milliseconds that the request takes. */
  readonly takesMs: number;
}
const PROVABLY_NOT_APPLIED: readonly string[] = ['unavailable', 'throttled', 'forbidden'];
const MAY_HAVE_COUNTED = FAULTS.filter((fault) => !PROVABLY_NOT_APPLIED.includes(fault));

/** A counter that remembers keys, as the API's does. */
function counterWithLimit(limit: number) {
  const values = new Map<string, number>();
  let value = 0;
  return {
    get value() {
      return value;
    },
    increment({ path, idempotencyKey: key }: Received): Step {
      const known = key === undefined ? undefined : values.get(key);
      if (known !== undefined) return replayed(known);
      const by = Number(new URLSearchParams(path.split('?')[1]).get('by') ?? 1);
      if (value + by > limit) return LIMIT_REACHED;
      value += by;
      if (key !== undefined) values.set(key, value);
      return incremented(value);
    },
  };
}

const events = fc.array(
  fc.record<Event>({
    fault: fc.constantFrom('none', ...FAULTS),
    applied: fc.boolean(),
    takesMs: fc.constantFrom(0, 5, 3_000),
  }),
  { minLength: 1, maxLength: 8 },
);
const calls = fc.record({
  events,
  limit: fc.constantFrom(0, 1, 4, 100),
  by: fc.constantFrom(undefined, 1, 4),
  keyed: fc.boolean(),
  deadlineMs: fc.constantFrom(1, 400, 5_000, 60_000),
  random: fc.constantFrom(0.3, 0.7, 0.999),
});

let api: ScriptedApi;
beforeAll(async () => {
  api = await startScriptedApi();
});
afterAll(() => api.close());

/** One call through a run of faults, the last of which stays; and what really happened. */
async function run({
  events,
  limit,
  by,
  keyed,
  deadlineMs,
  random,
}: typeof calls extends fc.Arbitrary<infer T> ? T : never) {
  const clock = virtualClock();
  const counter = counterWithLimit(limit);
  const met: { fault: Event['fault']; at: number }[] = [];
  const steps = events.map(({ fault, applied, takesMs }) => (request: Received) => {
    met.push({ fault, at: clock.now });
    const answer =
      fault === 'none' || (applied && MAY_HAVE_COUNTED.includes(fault)) ? counter.increment(request) : page(500);
    if (fault !== 'hung') clock.advance(Math.min(takesMs, deadlineMs));
    const faults: Record<Fault, Step> = {
      unavailable: UNAVAILABLE,
      throttled: THROTTLED,
      forbidden: FORBIDDEN,
      'proxy 502': page(502),
      'proxy 503': page(503),
      'proxy 429': page(429),
      'other 503': { status: 503, body: { error: 'overloaded' } },
      unknown: UNKNOWN,
      lost: { cut: 'before' },
      cut: { cut: 'within' },
      hung: { hang: clock.expire },
      mangled: { status: 200, body: '{"store":"dynamo","id":"votes","counter":1e99,"useConditionalWrites":true}' },
    };
    return fault === 'none' ? answer : faults[fault];
  });
  api.script(...steps);
  const counters = clientOn({ clock, random: () => random }, { url: api.url, apiKey: 'key' });
  const result = await counters.increment('dynamo', 'votes', {
    deadlineMs,
    by,
    ...(keyed ? {} : { idempotencyKey: false }),
  });
  return { result, met, counter, clock, requests: api.received };
}

it('never says more than it knows, and never counts twice', async () => {
  await fc.assert(
    fc.asyncProperty(calls, async (call) => {
      const { result, met, counter } = await run(call);
      const by = call.by ?? 1;

      if (result.outcome === 'incremented' || result.outcome === 'replayed') {
        expect([counter.value, result.counter, result.by]).toEqual([by, by, by]);
      }
      if (['limit-reached', 'not-applied', 'invalid'].includes(result.outcome)) expect(counter.value).toBe(0);
      if (['not-applied', 'invalid'].includes(result.outcome)) {
        expect(met.filter(({ fault }) => !PROVABLY_NOT_APPLIED.includes(fault))).toEqual([]);
      }
      expect(counter.value).toBeLessThanOrEqual(by);
    }),
    { numRuns: 400 },
  );
}, 120_000);

it('repeats an attempt that may have counted with its key alone, and before the deadline', async () => {
  await fc.assert(
    fc.asyncProperty(calls, async (call) => {
      const { result, met, clock, requests } = await run(call);

      expect(result.attempts).toBe(requests.length);
      expect(new Set(requests.map(({ idempotencyKey }) => idempotencyKey))).toEqual(new Set([result.idempotencyKey]));
      expect(met.every(({ at }) => at < call.deadlineMs)).toBe(true);
      expect(clock.now).toBeLessThanOrEqual(2 * call.deadlineMs); // the last attempt began before it, and takes no longer
      const repeated = met.slice(0, -1).map(({ fault }) => fault);
      expect(repeated.filter((fault) => fault === 'none' || fault === 'forbidden')).toEqual([]);
      if (!call.keyed) expect(repeated.filter((fault) => MAY_HAVE_COUNTED.includes(fault as Fault))).toEqual([]);
    }),
    { numRuns: 400 },
  );
}, 120_000);

it('with a key gives up a passing fault only when no pause fits before the deadline', async () => {
  await fc.assert(
    fc.asyncProperty(calls, async (call) => {
      const { result, met, clock } = await run({ ...call, keyed: true });

      if (result.outcome !== 'unknown' && result.outcome !== 'not-applied') return;
      const last = met.at(-1)?.fault;
      const ceilingMs =
        Math.min(5_000, 100 * 2 ** (result.attempts - 1)) +
        (last === 'unavailable' || last === 'throttled' ? 1_000 : 0);
      if (last !== 'forbidden') expect(clock.now + ceilingMs).toBeGreaterThanOrEqual(call.deadlineMs);
    }),
    { numRuns: 200 },
  );
}, 120_000);
