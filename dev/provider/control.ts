import { Hono } from 'hono';
import { z } from 'zod';
import { readFault } from './faults.ts';
import { ScriptError } from './script.ts';
import { SettingsChange } from './settings.ts';
import type { Steering } from './steering.ts';

const Link = z.string().min(1);
const Steps = z.union([z.string(), z.number(), z.boolean()]);
const ScriptBody = z.object({ link: Link, script: z.string().optional() }).catchall(Steps);
const OrderBody = z.strictObject({
  status: z.unknown().optional(),
  remains: z.unknown().optional(),
  start_count: z.unknown().optional(),
  charge: z.unknown().optional(),
  delivered: z.number().int().nonnegative().optional(),
});
const PublicBody = z.strictObject({ link: Link });
const CounterBody = z.union([
  z.strictObject({ link: Link, count: z.number().int() }),
  z.strictObject({ link: Link, offset: z.number().int() }),
  z.strictObject({ link: Link }),
]);
const FaultBody = z.strictObject({
  fault: z.string().refine((text) => readFault(text) !== undefined, 'unknown fault'),
  action: z.string().optional(),
  link: Link.optional(),
  times: z.number().int().positive().optional(),
  skip: z.number().int().nonnegative().optional(),
});

/** `{partial: 600, delay: 10}` means the same as `partial:600,delay:10`; `true` is a step without arguments. */
function steps({ link: _, script, ...named }: z.infer<typeof ScriptBody>): string {
  const said = Object.entries(named).map(([step, value]) => (value === true ? step : `${step}:${value}`));
  return [script ?? '', ...said].filter(Boolean).join(',');
}

/** The endpoints by which tests and the demo control and read the provider. No key: the server listens on loopback only. */
export function controlApp(provider: Steering): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400);
    if (error instanceof ScriptError || error instanceof SyntaxError) return c.json({ error: error.message }, 400);
    throw error;
  });

  app.post('/control/scripts', async (c) => {
    const body = ScriptBody.parse(await c.req.json());
    await provider.script(body.link, steps(body));
    return c.json({ link: body.link, script: steps(body) });
  });
  app.post('/control/orders/:id', async (c) => {
    const set = OrderBody.parse(await c.req.json());
    const order = await provider.force(Number(c.req.param('id')), set);
    return order === undefined ? c.json({ error: 'Incorrect order ID' }, 404) : c.json(order);
  });
  app.delete('/control/orders/:id', async (c) => {
    const order = await provider.force(Number(c.req.param('id')), null);
    return order === undefined ? c.json({ error: 'Incorrect order ID' }, 404) : c.json(order);
  });
  app.post('/control/public', async (c) => {
    const { link } = PublicBody.parse(await c.req.json());
    await provider.makePublic(link);
    return c.json({ link });
  });
  app.post('/control/counter', async (c) => {
    const { link, ...lie } = CounterBody.parse(await c.req.json());
    await provider.lieAbout(link, 'count' in lie || 'offset' in lie ? lie : null);
    return c.json({ link, count: provider.count(link) });
  });
  app.post('/control/config', async (c) => c.json(await provider.configure(SettingsChange.parse(await c.req.json()))));
  app.post('/control/faults', async (c) => {
    provider.arm(FaultBody.parse(await c.req.json()));
    return c.json(provider.faults());
  });
  app.get('/control/faults', (c) => c.json(provider.faults()));
  app.delete('/control/faults', (c) => {
    provider.disarm();
    return c.json([]);
  });
  app.post('/control/reset', async (c) => {
    await provider.reset();
    return c.json({ nextOrder: provider.stats().nextOrder });
  });

  app.get('/stats', (c) => c.json(provider.stats()));
  app.get('/orders', (c) => c.json(provider.orders(c.req.query('link'))));
  app.get('/adds', (c) => c.json(provider.adds(c.req.query('link'))));
  app.get('/counter', (c) => {
    const link = c.req.query('link');
    return link === undefined ? c.json({ error: 'link is missing' }, 400) : c.json({ count: provider.count(link) });
  });
  return app;
}
