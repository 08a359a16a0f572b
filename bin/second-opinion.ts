import { reportErrors } from '../tools/command-line';
import { askForSecondOpinions } from '../tools/second-opinion/second-opinion';

reportErrors(askForSecondOpinions(process.argv.slice(2)));
