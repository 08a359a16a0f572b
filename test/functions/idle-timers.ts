import type timersModule from 'node:timers';

/**
 * The clients of handlers live as long as their environment, and MongoDB's watches its server by timers. On Lambda they hold
 * up nothing, and here they would keep the tests' process alive.
 */
jest.mock('timers', () => {
  const timers = jest.requireActual<typeof timersModule>('timers');
  const setTimeout = (...args: Parameters<typeof timers.setTimeout>): NodeJS.Timeout =>
    timers.setTimeout(...args).unref();
  return { ...timers, setTimeout };
});
