import { Hono } from 'hono';

/** The least that a Hono handler can be. */
const app = new Hono();
app.get('/t', (c) => c.body(null, 204));

export default app;
