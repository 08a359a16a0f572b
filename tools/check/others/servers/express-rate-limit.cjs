const { rateLimit } = require('express-rate-limit');
const { RedisStore } = require('rate-limit-redis');
const { serve } = require('./serve.cjs');

serve((app, { limit, redis }) => {
  const store = redis && new RedisStore({ sendCommand: (command, ...args) => redis.call(command, ...args) });
  app.use(rateLimit({ windowMs: 3_600_000, limit, keyGenerator: ({ path }) => path, ...(store ? { store } : {}) }));
  app.post('/:id', (request, response) => response.json({ used: request.rateLimit.used }));
});
