import { runCommand } from '../tools/command-line';
import { testStores } from '../tools/test-stores/test-stores';

runCommand(
  {
    name: 'test:stores',
    parameters: '[OPTION…]',
    options: 'any',
    purpose:
      'Runs the contract of the stores on the servers of REDIS_URL etc., or else on those at the ports of compose.yaml, where it leaves its counters. Options go to jest.',
  },
  testStores,
);
