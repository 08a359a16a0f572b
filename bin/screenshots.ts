import { runCommand } from '../tools/command-line';
import { takeScreenshots } from '../tools/screenshots/screenshots';

runCommand(
  {
    name: 'screenshots',
    purpose: 'Takes the screenshots of the console in docs/images/, with Chromium.',
  },
  takeScreenshots,
);
