import { HELP, readArguments } from './arguments';
import { type RunningTemplate, runTemplate } from './run';

/**
 * The command `template-runtime`: runs a template until Ctrl-C. What goes wrong is one line and the exit code 1.
 *
 * @param words what follows the command's name
 */
export async function main(words: readonly string[]): Promise<void> {
  try {
    const options = readArguments(words);
    if (!options) return console.log(HELP);
    const running = await runTemplate(options, (text) => console.log(text));
    stopOnSignal(running);
    console.log('\nCtrl-C ends it, and the data with it.');
    for (const { arn, status } of await running.completed) {
      console.log(`The stack's CREATE_COMPLETE started ${arn}: ${status}`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

function stopOnSignal({ close }: RunningTemplate): void {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1); // a second Ctrl-C doesn't wait
      isStopping = true;
      void close().then(() => process.exit(0));
    });
  }
}
