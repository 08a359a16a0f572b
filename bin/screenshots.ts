import { reportErrors } from '../tools/command-line';
import { takeScreenshots } from '../tools/screenshots/screenshots';

reportErrors(takeScreenshots());
