import { checkOthers } from '../tools/check/others/others';
import { runCommand } from '../tools/command-line';

runCommand(
  {
    name: 'check:others',
    parameters: '[NAME…]',
    purpose:
      'Checks counters that others wrote, and writes the table of docs/check.md. It installs their packages into a temporary folder.',
  },
  checkOthers,
);
