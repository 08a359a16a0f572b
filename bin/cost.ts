import { reportErrors } from '../tools/command-line';
import { printCost } from '../tools/cost/cost';

reportErrors(printCost());
