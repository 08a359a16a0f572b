/** Prints a command's failure as one line and makes it the exit code. */
export function reportErrors(command: Promise<void>): void {
  command.catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
