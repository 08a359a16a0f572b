/** As much of a task as is needed to show how far it is. */
interface Task {
  title: string;
  output: string;
}

/**
 * Shows what is measured, and about how long the rest takes.
 *
 * @param unit what is counted, such as `rounds`
 */
export function progressOf(task: Task, title: string, unit: string): (what: string, done: number, all: number) => void {
  const began = performance.now();
  return (what, done, all) => {
    const leftMs = done === 0 ? undefined : ((performance.now() - began) / done) * (all - done);
    const left = leftMs === undefined ? '' : `, about ${Math.ceil(leftMs / 60_000)} min left`;
    task.title = `${title}: ${done} of ${all} ${unit}${left}`;
    task.output = what;
  };
}
