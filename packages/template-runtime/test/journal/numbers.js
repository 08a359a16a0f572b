/** States of which a journal tells, for the thread that rewrites it. */
module.exports = {
  /** Numbers by key, as simple as a store can be. */
  emptyNumbers: () => {
    const values = new Map();
    return { replay: ([key, value]) => values.set(key, value), snapshot: () => values };
  },
  endless: () => {
    for (;;);
  },
  failing: () => {
    throw new Error('no memory');
  },
};
