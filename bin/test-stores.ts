import { reportErrors } from '../tools/command-line';
import { testStores } from '../tools/test-stores/test-stores';

reportErrors(testStores(process.argv.slice(2)));
