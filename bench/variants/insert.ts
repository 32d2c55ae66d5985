import { createClient } from '@libsql/client/http';
import { Hono } from 'hono';

/** The least that a Worker with a database can be: a body is read, one row is inserted, its id is answered. */
const app = new Hono<{ Bindings: { LIBSQL_URL: string } }>();
let client: ReturnType<typeof createClient> | undefined;

app.post('/f/demo', async (c) => {
  client ??= createClient({ url: c.env.LIBSQL_URL, concurrency: Infinity });
  const { email, name, _page } = await c.req.json<Record<string, string>>();
  const id = crypto.randomUUID();
  await client.execute({
    sql: 'INSERT INTO lead (id, email, name, page, at) VALUES (?, ?, ?, ?, ?)',
    args: [id, email!, name!, _page!, Date.now()],
  });
  return c.json({ id }, 201);
});

export default app;
