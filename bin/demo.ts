import { runCommand } from '../tools/command-line';
import { runDemo } from '../tools/demo/demo';

runCommand(
  {
    name: 'demo',
    parameters: '[--sale]',
    options: ['--sale'],
    purpose:
      'Counts in both modes on all stores, sells out while all fails, and compares with the contract. With --sale, sells only.',
  },
  runDemo,
);
