const { RateLimiterMemory, RateLimiterRedis } = require('rate-limiter-flexible');
const { serve } = require('./serve.cjs');

serve((app, { limit, redis }) => {
  const options = { points: limit, duration: 3600 };
  const limiter = redis ? new RateLimiterRedis({ ...options, storeClient: redis }) : new RateLimiterMemory(options);
  app.post('/:id', async (request, response) => {
    try {
      response.json({ used: (await limiter.consume(request.params.id)).consumedPoints });
    } catch (refusal) {
      response.status(refusal instanceof Error ? 500 : 429).json({});
    }
  });
});
