import { reportErrors } from '../tools/command-line';
import { verifyAws } from '../tools/verify-aws/verify-aws';

reportErrors(verifyAws(process.argv.slice(2)));
