import { reportErrors } from '../tools/command-line';
import { runReliability } from '../tools/reliability/reliability';

reportErrors(runReliability(process.argv.slice(2)));
