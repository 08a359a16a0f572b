/** A member of a sorted set. */
export interface ScoredMember {
  readonly member: string;
  readonly score: number;
}

/** Members ordered by score, then by their bytes. */
export class SortedSet {
  private readonly scores = new Map<string, number>();
  private readonly ordered: ScoredMember[] = [];

  get size(): number {
    return this.scores.size;
  }

  score(member: string): number | undefined {
    return this.scores.get(member);
  }

  /** All members, lowest first. */
  members(): readonly ScoredMember[] {
    return this.ordered;
  }

  set(member: string, score: number): void {
    this.delete(member);
    this.scores.set(member, score);
    const entry = { member, score };
    this.ordered.splice(this.position(entry), 0, entry);
  }

  delete(member: string): boolean {
    const score = this.scores.get(member);
    if (score === undefined) return false;
    this.scores.delete(member);
    this.ordered.splice(this.position({ member, score }), 1);
    return true;
  }

  /** Where `entry` stands, or would stand. */
  private position(entry: ScoredMember): number {
    let low = 0;
    let high = this.ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.ordered[middle];
      if (other !== undefined && comesBefore(other, entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function comesBefore(a: ScoredMember, b: ScoredMember): boolean {
  return a.score < b.score || (a.score === b.score && a.member < b.member);
}
