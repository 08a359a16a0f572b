const cluster = require('node:cluster');
const express = require('express');
const { Redis } = require('ioredis');

/** Of the environment: the port, how many processes share it, the limit, and where Redis is, if there. */
const { PORT, PROCESSES = '1', LIMIT = '20', REDIS_URL } = process.env;

/** Serves an Express app from so many processes as are asked for, connections by turns. */
exports.serve = (addRoutes) => {
  if (cluster.isPrimary) {
    for (let index = 0; index < Number(PROCESSES); index += 1) cluster.fork();
    return;
  }
  const app = express();
  addRoutes(app, { limit: Number(LIMIT), redis: REDIS_URL === undefined ? undefined : new Redis(REDIS_URL) });
  app.listen(Number(PORT), '127.0.0.1');
};
