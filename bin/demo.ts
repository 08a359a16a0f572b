import { reportErrors } from '../tools/command-line';
import { runDemo } from '../tools/demo/demo';

reportErrors(runDemo(process.argv.slice(2)));
