import { runCommand } from '../tools/command-line';
import { exportDashboard } from '../tools/dashboard/dashboard';

runCommand(
  {
    name: 'dashboard',
    parameters: '[STACK]',
    purpose:
      'Writes docs/cloudwatch-dashboard.json. With the name of a deployed stack, prints that file with the names of that stack.',
  },
  exportDashboard,
);
