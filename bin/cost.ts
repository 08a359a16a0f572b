import { runCommand } from '../tools/command-line';
import { printCost } from '../tools/cost/cost';

runCommand(
  {
    name: 'cost',
    parameters: '[--json | --write]',
    options: ['--json', '--write'],
    purpose:
      'Measures what the configured deployment costs, idle and per million calls. --write writes the tables of docs/cost.md.',
  },
  printCost,
);
