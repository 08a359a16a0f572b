const { serve } = require('./serve.cjs');

// What comes to mind first: read the counter, compare, write it.
serve((app, { limit, redis }) => {
  app.post('/:id', async (request, response) => {
    const counter = Number((await redis.get(request.params.id)) ?? 0);
    if (counter >= limit) return response.status(409).json({ counter });
    await redis.set(request.params.id, counter + 1);
    response.json({ counter: counter + 1 });
  });
});
