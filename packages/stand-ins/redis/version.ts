/** The version whose answers this server gives. */
export const REDIS_VERSION = '7.0.15';
