import { reportErrors } from '../tools/command-line';
import { exportDashboard } from '../tools/dashboard/dashboard';

reportErrors(exportDashboard(process.argv.slice(2)));
