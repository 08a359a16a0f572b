import { reportErrors } from '../tools/command-line';
import { runCompare } from '../tools/compare/compare';

reportErrors(runCompare(process.argv.slice(2)));
