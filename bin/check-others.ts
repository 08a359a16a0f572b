import { checkOthers } from '../tools/check/others/others';
import { reportErrors } from '../tools/command-line';

reportErrors(checkOthers(process.argv.slice(2)));
