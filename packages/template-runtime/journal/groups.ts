/** How many things a record of a snapshot tells: reading a record takes as long as some of them do. */
const GROUP = 64;

/** Parts of a snapshot that are to be in one record. */
export function* inGroups<T>(values: Iterable<T>): Generator<readonly T[]> {
  let group: T[] = [];
  for (const value of values) {
    group.push(value);
    if (group.length < GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
