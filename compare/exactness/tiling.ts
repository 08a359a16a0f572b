import { countBelow } from './ascending';
import type { UnknownIncrement } from './timeline';

/** Values that nobody is known to have taken, so that increments took them one after the other, each all that it adds. */
export interface Gap {
  /** The value below the lowest of them. */
  readonly from: number;
  /** The highest of them. */
  readonly to: number;
  /** Whether the last increment may end above: nobody is known to have seen the counter at `to`, but there or higher. */
  readonly isOpen: boolean;
  /** By when an increment must have started that counts at a value: until then somebody saw the counter above that. */
  deadlineAt(value: number): number;
  /** What increments of known value return that may have counted here or elsewhere, by the value that they count at. */
  readonly doubtful: ReadonlyMap<number, readonly number[]>;
}

/** Where a search got to: it filled the gaps before the one of this index, and that one up to a value. */
export interface Place {
  readonly index: number;
  readonly at: number;
}

/** Fills gaps with the increments of unknown outcome. */
export interface Tiling {
  /**
   * @param gaps ascending in time
   * @param mostTries placements after the first that led nowhere
   * @returns undefined where they can all be filled, or where it would take more tries to say; else the furthest place that
   *   any choice led to
   */
  fill(gaps: readonly Gap[], mostTries: number): Place | undefined;
}

/** Increments that differ in nothing but when they started. */
interface Kind {
  readonly by: number;
  readonly limit: number;
  /** When each started, ascending. */
  readonly starts: readonly number[];
  /** So many of the first are placed. */
  used: number;
}

/** What one of several increments may take next. */
interface Tile {
  readonly by: number;
  /** @default - it is no increment of unknown outcome */
  readonly kind?: Kind;
}

/** A place where several increments fit. */
interface Choice {
  readonly place: Place;
  readonly tiles: readonly Tile[];
  next: number;
  /** How many had been placed before. */
  readonly placed: number;
}

/**
 * Looks for a place in the gaps for increments of several steps, value by value, and goes back where it can't go on.
 *
 * Of those with one step, the one with the lowest sufficient limit is as good as any (`rules/gaps.ts`), and of those with
 * one limit too, the first to start. So there is a choice between steps alone, and none where all have the same. What has
 * been tried is known by the place and by how many of each kind are left. To fill gaps with several steps is bin packing:
 * where the search takes too long, nothing is said.
 */
export function tiling(unknown: readonly UnknownIncrement[]): Tiling {
  const supply = kindsOf(unknown);
  const kinds = supply.flatMap(({ kinds: ofStep }) => ofStep);

  const tilesAt = (gap: Gap, at: number): Tile[] => {
    const most = gap.isOpen ? Infinity : gap.to - at;
    const deadline = gap.deadlineAt(at);
    const known = (gap.doubtful.get(at) ?? []).map((end): Tile => ({ by: end - at }));
    const possible = supply.flatMap(({ by, limits, kinds: ofStep }): Tile[] => {
      if (by > most) return [];
      for (let index = countBelow(limits, at + by); index < ofStep.length; index += 1) {
        const kind = ofStep[index];
        const start = kind?.starts[kind.used];
        if (kind && start !== undefined && start <= deadline) return [{ by, kind }];
      }
      return [];
    });
    return [...known, ...possible].filter(({ by }) => by <= most);
  };

  return {
    fill(gaps, mostTries) {
      let left = mostTries;
      const dead = new Set<string>();
      const choices: Choice[] = [];
      const placed: Tile[] = [];
      let furthest: Place = { index: 0, at: -Infinity };
      let place = nextPlace(gaps, { index: 0, at: gaps[0]?.from ?? 0 });
      const undo = (to: number): void => {
        while (placed.length > to) {
          const { kind } = placed.pop() ?? {};
          if (kind) kind.used -= 1;
        }
      };
      const stateAt = ({ index, at }: Place): string => {
        left -= kinds.length;
        return `${index} ${at} ${kinds.map(({ used }) => used).join(' ')}`;
      };

      try {
        for (let gap = gaps[place.index]; gap; gap = gaps[place.index]) {
          const { index, at } = place;
          if (index > furthest.index || (index === furthest.index && at > furthest.at)) furthest = place;
          let tiles = tilesAt(gap, at);
          if (tiles.length > 1 && dead.size > 0 && dead.has(stateAt(place))) tiles = [];
          if (tiles.length > 1) choices.push({ place, tiles, next: 1, placed: placed.length });
          let tile = tiles[0];
          while (tile === undefined) {
            const choice = choices.at(-1);
            if (!choice) return furthest;
            undo(choice.placed);
            ({ place } = choice);
            tile = choice.tiles[choice.next];
            choice.next += 1;
            if (tile !== undefined) continue;
            dead.add(stateAt(place));
            choices.pop();
          }
          if (choices.length > 0 && dead.size > 0) left -= 1;
          if (left < 0) return undefined;
          if (tile.kind) tile.kind.used += 1;
          placed.push(tile);
          place = nextPlace(gaps, { index: place.index, at: place.at + tile.by });
        }
        return undefined;
      } finally {
        undo(0);
      }
    },
  };
}

/** The place itself, or where the next gap begins that isn't filled. */
function nextPlace(gaps: readonly Gap[], { index, at }: Place): Place {
  const gap = gaps[index];
  return gap && at >= gap.to ? nextPlace(gaps, { index: index + 1, at: gaps[index + 1]?.from ?? at }) : { index, at };
}

interface Step {
  readonly by: number;
  /** Those of its kinds, ascending. */
  readonly limits: readonly number[];
  readonly kinds: readonly Kind[];
}

/** The largest step first: what is left by it is filled more easily. */
function kindsOf(unknown: readonly UnknownIncrement[]): Step[] {
  const groups = new Map<number, Map<number, number[]>>();
  for (const { by, limit, invoked } of unknown) {
    const ofStep = groups.get(by) ?? new Map<number, number[]>();
    groups.set(by, ofStep);
    const starts = ofStep.get(limit);
    if (starts) starts.push(invoked);
    else ofStep.set(limit, [invoked]);
  }
  return [...groups]
    .sort(([a], [b]) => b - a)
    .map(([by, ofStep]) => {
      const kinds = [...ofStep]
        .sort(([a], [b]) => a - b)
        .map(([limit, starts]): Kind => ({ by, limit, starts: starts.sort((a, b) => a - b), used: 0 }));
      return { by, kinds, limits: kinds.map(({ limit }) => limit) };
    });
}
