const endings = new Set<() => void>();

/**
 * Does something at the end of the process, also where that comes before the work has: such as removing a temporary folder.
 *
 * @param ending runs once, and can't wait for anything
 */
export function atExit(ending: () => void): void {
  if (endings.size === 0) process.once('exit', () => endings.forEach((each) => each()));
  endings.add(ending);
}
