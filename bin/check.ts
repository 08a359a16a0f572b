import { runCheck } from '../tools/check/check';
import { reportErrors } from '../tools/command-line';

reportErrors(runCheck(process.argv.slice(2)));
