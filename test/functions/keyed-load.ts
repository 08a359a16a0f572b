import { type IncrementResult, type Recorder, recordHistory } from '../../compare/exactness';
import { clockSeconds, type KeyedOutcome } from '../../functions/keyed-increment';
import { historyOf, inTurn, MODES, resultOf, type StartLoad, stepOf, verdictsOf } from './fault-matrix';

/** The deployment's own. */
const WINDOW_SECONDS = 120;
const CAP = 1000;
/** A repeat is of one of the last so many keys: many of their first calls are still under way. */
const RECENT = 24;
/** Who settles at once, and how often at most: each repetition is another client's on a busy machine. */
const SETTLERS = 4;
const ATTEMPTS = 10;

/** A call, to be made as often as it takes. */
interface KeyedCall {
  readonly id: string;
  readonly key: string;
  readonly max: string | undefined;
  readonly step: { readonly by?: number };
}

/**
 * Calls with keys. At any time a quarter of the callers send a new key to one counter that all share, a quarter one to a
 * fresh counter, whose limit is the call's step where there are any, a quarter repeat what one of them has sent, often
 * while that is under way, and a quarter increment the shared counter without a key.
 */
export const keyedLoad: StartLoad = (store, mode, stem, subject) => {
  const shared = MODES[mode];
  const history = { ...historyOf(subject), ownReplays: subject.ownReplays === true };
  const histories = new Map<string, Recorder>();
  const sent: KeyedCall[] = [];

  const recorderOf = (id: string): Recorder => {
    const recorder = histories.get(id) ?? recordHistory(history);
    histories.set(id, recorder);
    return recorder;
  };
  const send = (caller: number, { id, key, max, step }: KeyedCall): Promise<IncrementResult> => {
    const call = async (): Promise<IncrementResult> => {
      const limit = max === undefined ? {} : { max };
      const increment = { key, sentAt: clockSeconds(), windowSeconds: WINDOW_SECONDS, cap: CAP, ...step, ...limit };
      return toResult(await store.incrementKeyed(id, increment));
    };
    return recorderOf(id).increment(caller, () => resultOf(call()), {
      key,
      ...step,
      max: max === undefined ? max : Number(max),
    });
  };
  const sendNew = (
    caller: number,
    id: string,
    max: string | undefined,
    step: KeyedCall['step'],
  ): Promise<IncrementResult> => {
    const call = { id, key: `key-${sent.length}`, max, step };
    sent.push(call);
    return send(caller, call);
  };
  const onShared = (caller: number) => sendNew(caller, stem, shared, stepOf(subject, sent.length));
  const fresh = (caller: number) => {
    const step = stepOf(subject, sent.length);
    return sendNew(caller, `${stem}-${sent.length}`, shared === undefined ? undefined : String(step.by ?? 1), step);
  };
  const repeat = (caller: number) => {
    const call = sent.at(-1 - ((5 * caller) % Math.min(RECENT, sent.length)));
    return call ? send(caller, call) : onShared(caller);
  };

  const withoutKey = (caller: number): Promise<IncrementResult> => {
    const options = shared === undefined ? {} : { max: shared };
    return recorderOf(stem).increment(caller, () => resultOf(store.increment(stem, options)), {
      max: shared && Number(shared),
    });
  };

  const kinds = [onShared, repeat, fresh, withoutKey];
  return {
    call: async (caller, call) => kinds[(caller + call) % kinds.length]?.(caller),
    fresh,
    async settle() {
      const endings = (call: KeyedCall): Set<string> => endingsOf(recorderOf(call.id), call.key);
      const unsettled = sent.filter((call) => !isKnown(endings(call)));
      const unknown = unsettled.filter((call) => endings(call).has('unknown')).length;
      await inTurn(SETTLERS, unsettled, (call) => untilKnown(() => send(SETTLERS, call)));
      const left = unsettled.filter((call) => !isKnown(endings(call)));
      if (left.length > 0) throw new Error(`without an answer after all: ${JSON.stringify(left)}`);
      return unknown;
    },
    verdicts: (direct) => verdictsOf(histories, direct),
  };
};

function toResult(outcome: KeyedOutcome): IncrementResult {
  switch (outcome.status) {
    case 'incremented':
    case 'replayed':
      return { status: 'incremented', counter: outcome.counter, replayed: outcome.status === 'replayed' };
    case 'limit-reached':
      return outcome;
    case 'full':
    case 'late':
      return { status: 'not-applied' };
  }
}

/** How the calls of a key have ended. */
function endingsOf(recorder: Recorder, key: string): Set<string> {
  const calls = recorder.history().operations.filter((operation) => operation.key === key);
  return new Set(calls.map(({ result }) => result.status));
}

/** Whether a call of the key has been answered, counted or refused. */
const isKnown = (endings: ReadonlySet<string>): boolean => endings.has('incremented') || endings.has('limit-reached');

async function untilKnown(send: () => Promise<IncrementResult>): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { status } = await send();
    if (status === 'incremented' || status === 'limit-reached') return;
  }
}
