const path = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer'); // Jest's own

/**
 * The files that take longest, the longest first: the last of them must not begin when the others have ended. Without a run
 * before it, as in CI, Jest goes by the files' sizes, and these are small.
 */
const LONGEST = [
  'functions/fault-matrix.test.ts',
  'functions/fault-matrix-shards.test.ts',
  'tools/compare/compare.test.ts',
  'models/walks.test.ts',
  'configuration-matrix.test.ts',
  'tools/verify-aws.test.ts',
  'local/faults.test.ts',
  'functions/stalls.test.ts',
  'local/main.test.ts',
].map((file) => path.join(__dirname, file));

const place = ({ path: file }) => (LONGEST.includes(file) ? LONGEST.indexOf(file) : LONGEST.length);

module.exports = class LongestFirst extends Sequencer {
  /** Those named first, then the others as Jest sorts them. */
  sort(tests) {
    return super.sort(tests).sort((one, other) => place(one) - place(other));
  }
};
