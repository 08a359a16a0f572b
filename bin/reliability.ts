import { runCommand } from '../tools/command-line';
import { runReliability } from '../tools/reliability/reliability';

runCommand(
  {
    name: 'reliability',
    parameters: '[PATTERN]',
    purpose:
      'Runs the fault matrix, or those of its tests whose names match the pattern, also on the servers of REDIS_URL etc., and writes the tables of docs/reliability.md.',
  },
  runReliability,
);
