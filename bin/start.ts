import { readConfiguration } from '../lib/configuration';
import { readEnvironment } from '../lib/environment';
import { projectRoot } from '../lib/project-root';
import { startOnLaptop } from '../local/start';
import { runCommand } from '../tools/command-line';

async function main(): Promise<void> {
  const environment = readEnvironment(projectRoot());
  await startOnLaptop(environment, readConfiguration(environment).stores);
}

runCommand(
  {
    name: 'start',
    purpose: 'Runs the system on this machine until Ctrl-C.',
  },
  main,
);
