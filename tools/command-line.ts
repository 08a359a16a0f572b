/**
 * The AWS SDK warns on Node 20 that versions to come won't run there. Ours is pinned, and runs.
 * Source: https://github.com/aws/aws-sdk-js-v3/issues/7983
 */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** What a command tells of itself. */
export interface Command {
  /** The script's name in package.json. */
  readonly name: string;
  /** What may follow `--`, for people. @default - nothing may */
  readonly parameters?: string;
  /** Those of its parameters that begin with a hyphen; any, where it hands them on. @default - none */
  readonly options?: readonly string[] | 'any';
  /** What it does, in a sentence or two. */
  readonly purpose: string;
  /** Whether it ends by itself when it is interrupted. @default - the process ends at once */
  readonly isInterruptible?: boolean;
}

/**
 * Runs a command with its arguments. `--help` prints how it is called, and does nothing else; an argument that it doesn't
 * know is refused before anything is done. A failure is one line, and the exit code.
 */
export function runCommand(command: Command, run: (args: readonly string[]) => Promise<void>): void {
  const args = process.argv.slice(2);
  const { name, parameters, options = [], purpose, isInterruptible = false } = command;
  const usage = `npm run ${name}${parameters === undefined ? '' : ` -- ${parameters}`}`;
  if (args.some((argument) => argument === '--help' || argument === '-h'))
    return console.log(`Usage: ${usage}\n\n${purpose}`);
  const unknown = args.find((argument) => {
    if (parameters === undefined) return true;
    return argument.startsWith('-') && options !== 'any' && !options.includes(argument.replace(/=.*/s, ''));
  });
  if (!isInterruptible) endOnSignals();
  reportErrors(unknown === undefined ? run(args) : Promise.reject(new Error(`Usage: ${usage}, got "${unknown}"`)));
}

/** Ends the process by itself, so that what it does at its end is done. Codes: https://tldp.org/LDP/abs/html/exitcodes.html */
function endOnSignals(): void {
  process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
}

/** Prints a command's failure as one line and makes it the exit code. */
export function reportErrors(command: Promise<void>): void {
  command.catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
