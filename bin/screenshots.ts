import { runCommand } from '../tools/command-line';
import { takeScreenshots } from '../tools/screenshots/screenshots';

runCommand(
  {
    name: 'screenshots',
    purpose: 'Takes the pictures of the console in docs/images/, and films an outage there, with Chromium.',
  },
  takeScreenshots,
);
