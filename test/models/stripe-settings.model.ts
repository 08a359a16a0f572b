import type { Model } from './explore';
import { isSame, sorted } from './values';

/** What a deployment says of its counters. */
export interface StripeSettings {
  /** K */
  readonly shards: number;
  /** M */
  readonly limit: number;
}

/** A mistake to plant in the protocol. */
export type StripeSettingsMistake =
  'pins each shard by itself' | 'pins without a condition' | 'does not check K' | 'does not check M';

interface Call {
  readonly settings: StripeSettings;
  readonly does: 'wait' | 'write' | 'pin' | 'end';
  readonly shard: number;
  readonly refusals: number;
  /** Whether the counter's head is known to say the same, so that a shard may be made. */
  readonly isPinned: boolean;
}

type Write = Pick<Call, 'settings' | 'shard' | 'isPinned'>;

interface Shard {
  readonly settings: StripeSettings;
  readonly used: number;
}

interface State {
  readonly head?: StripeSettings;
  readonly shards: readonly (Shard | null)[];
  readonly calls: readonly Call[];
  /** Writes whose callers have given up: each may still arrive. */
  readonly late: readonly Write[];
  readonly values: readonly number[];
  /** Whose calls have counted. */
  readonly counted: readonly StripeSettings[];
  readonly broken?: string;
}

type Step = readonly [step: string, state: State, label: undefined];

/**
 * How K and M become the counter's. They stand in its head, written once and never changed, and in each of its shards, where
 * every increment compares them. A write makes no shard until its caller has found its own K and M in the head, or put them
 * there where nothing stood.
 *
 * @param calls the settings of each call
 */
export function stripeSettingsModel(
  calls: readonly StripeSettings[],
  mistake?: StripeSettingsMistake,
): Model<State, undefined> {
  const isOther = (one: StripeSettings, { shards, limit }: StripeSettings): boolean =>
    (one.shards !== shards && mistake !== 'does not check K') ||
    (one.limit !== limit && mistake !== 'does not check M');

  const put = (state: State, index: number, call: Call): State => {
    const kept = call.does === 'end' ? { ...BEGIN, settings: call.settings, does: call.does } : call;
    return { ...state, calls: sorted(state.calls.map((other, at) => (at === index ? kept : other))) };
  };

  /** @returns the state after a write, or undefined if it is refused */
  const count = (state: State, { settings, shard, isPinned }: Write): { to: State; value: number } | undefined => {
    const found = state.shards[shard] ?? undefined;
    if (found === undefined && !isPinned) return undefined;
    if (found !== undefined && isOther(found.settings, settings)) return undefined;
    const used = found?.used ?? 0;
    if (used >= quota(settings, shard)) return undefined;
    const value = shard + 1 + settings.shards * used;
    const first = state.counted[0] ?? settings;
    const broken =
      state.broken ??
      (state.values.includes(value) ? `handed out ${value} twice` : undefined) ??
      (value > first.limit ? `handed out ${value} of ${first.limit}` : undefined);
    const made: Shard = { settings: found?.settings ?? settings, used: used + 1 };
    const to: State = {
      ...state,
      shards: state.shards.map((other, at) => (at === shard ? made : other)),
      values: [...state.values, value].sort((a, b) => a - b),
      counted: state.counted.some((other) => isSame(other, settings)) ? state.counted : [...state.counted, settings],
      ...(broken !== undefined && { broken }),
    };
    return { to, value };
  };

  function* write(state: State, index: number, call: Call, name: string): Generator<Step> {
    const { settings, shard } = call;
    const counted = count(state, call);
    const found = state.shards[shard] ?? undefined;
    const refused = `${name} is refused by shard ${shard}`;
    if (counted) {
      yield [
        `${name} counts in shard ${shard}: ${counted.value}`,
        put(counted.to, index, { ...call, does: 'end' }),
        undefined,
      ];
    } else if (found === undefined && !call.isPinned) {
      const does = mistake === 'pins each shard by itself' ? 'write' : 'pin';
      yield [
        `${name} finds no shard ${shard}`,
        put(state, index, { ...call, does, isPinned: does === 'write' }),
        undefined,
      ];
    } else if (found !== undefined && isOther(found.settings, settings)) {
      yield [`${name} is told of ${text(found.settings)}`, put(state, index, { ...call, does: 'end' }), undefined];
    } else if (call.refusals + 1 < settings.shards) {
      const next: Call = { ...call, shard: (shard + 1) % settings.shards, refusals: call.refusals + 1 };
      yield [refused, put(state, index, next), undefined];
    } else {
      const isEarly = state.values.length < settings.limit;
      const broken = state.broken ?? (isEarly ? `refused at ${state.values.length} of ${settings.limit}` : undefined);
      const to = put(state, index, { ...call, does: 'end' });
      yield [`${refused}, the last one`, broken === undefined ? to : { ...to, broken }, undefined];
    }
    const late = sorted([...state.late, { settings, shard, isPinned: call.isPinned }]);
    yield [
      `${name} has no answer from shard ${shard}`,
      put({ ...state, late }, index, { ...call, does: 'end' }),
      undefined,
    ];
  }

  function* pin(state: State, index: number, call: Call, name: string): Generator<Step> {
    const { head } = state;
    const { settings } = call;
    if (head === undefined || mistake === 'pins without a condition') {
      const pinned = put({ ...state, head: settings }, index, { ...call, does: 'write', isPinned: true });
      yield [`${name} pins them`, pinned, undefined];
    } else if (isOther(head, settings)) {
      yield [`${name} is told of ${text(head)}`, put(state, index, { ...call, does: 'end' }), undefined];
    } else
      yield [`${name} finds them pinned`, put(state, index, { ...call, does: 'write', isPinned: true }), undefined];
  }

  function* next(state: State): Generator<Step> {
    for (const [index, call] of state.calls.entries()) {
      const { settings, does } = call;
      const name = `a call with ${text(settings)}`;
      if (index > 0 && isSame(call, state.calls[index - 1])) continue;
      if (does === 'write') yield* write(state, index, call, name);
      if (does === 'pin') yield* pin(state, index, call, name);
      for (let shard = 0; does === 'wait' && shard < settings.shards; shard += 1) {
        yield* write(state, index, { ...call, does: 'write', shard }, name);
      }
    }
    for (const [index, late] of state.late.entries()) {
      const left: State = { ...state, late: state.late.filter((_, at) => at !== index) };
      const counted = count(left, late);
      const name = `a late write with ${text(late.settings)} to shard ${late.shard}`;
      yield [`${name} ${counted ? 'counts' : 'is refused'}`, counted?.to ?? left, undefined];
    }
  }

  return {
    initial: {
      shards: Array<null>(Math.max(...calls.map(({ shards }) => shards))).fill(null),
      calls: sorted(calls.map((settings) => ({ ...BEGIN, settings }))),
      late: [],
      values: [],
      counted: [],
    },
    next,
    violation: (state) =>
      state.broken ??
      (state.calls.every(({ does }) => does === 'end') && state.counted.length > 1
        ? `counted by ${state.counted.map(text).join(' and by ')}`
        : undefined),
  };
}

const BEGIN: Omit<Call, 'settings'> = { does: 'wait', shard: 0, refusals: 0, isPinned: false };

function quota({ shards, limit }: StripeSettings, shard: number): number {
  return Math.floor(limit / shards) + (shard < limit % shards ? 1 : 0);
}

function text({ shards, limit }: StripeSettings): string {
  return `K=${shards}, M=${limit}`;
}
