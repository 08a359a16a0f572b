import { parseConfiguration, refuse, STORE_NAMES } from '../lib/configuration';
import { misspeltSettings, parseEnvironment } from '../lib/environment';
import { projectRoot } from '../lib/project-root';
import { readLaptopSettings } from '../local/laptop-settings';
import { startOnLaptop } from '../local/start';
import { runCommand } from '../tools/command-line';

/** What can't work is said at once, and before the work. */
async function main(): Promise<void> {
  const problems: string[] = [];
  const environment = parseEnvironment(projectRoot(), problems);
  const { stores = STORE_NAMES } = parseConfiguration(environment, problems);
  const settings = await readLaptopSettings(environment, stores, problems);
  refuse(problems);
  for (const line of misspeltSettings(process.env)) console.error(`Warning: ${line}`);
  await startOnLaptop(settings);
}

runCommand(
  {
    name: 'start',
    purpose: 'Runs the system on this machine until Ctrl-C.',
    isInterruptible: true,
  },
  main,
);
