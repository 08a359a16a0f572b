import { runCommand } from '../tools/command-line';
import { askForSecondOpinions } from '../tools/second-opinion/second-opinion';

runCommand(
  {
    name: 'second-opinion',
    parameters: '[EMULATOR…]',
    purpose:
      'Deploys the template to AWS emulators that others wrote, and writes their answers into docs/second-opinion.md.',
    isInterruptible: true,
  },
  askForSecondOpinions,
);
