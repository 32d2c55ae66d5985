import * as z from 'zod';
import type { Api } from '../../http/operation.ts';
import { invalidInput } from '../../domain/errors.ts';
import { timeShape } from '../../http/shapes.ts';
import { sampleEvents } from '../../services/events/sample-events.ts';
import { streamEvents } from '../../services/events/stream-events.ts';
import { eventTypes } from '../../services/deliveries/manage-webhooks.ts';
import type { EventType } from '../../services/deliveries/manage-webhooks.ts';
import { readSettings } from '../../services/change-settings.ts';
import { unknownName } from '../../domain/unknown-name.ts';

const sampleShape = z.object({
  id: z.string().describe('`evt_0` for one that is made up'),
  type: z.enum(eventTypes),
  timestamp: timeShape,
  data: z.unknown(),
});

/** Events as they happen, and what they look like (docs/events.md). */
export function addEventRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/events/samples',
      summary: 'Shows the newest events of a type',
      scope: 'read',
      query: z.strictObject({ event: z.enum(eventTypes) }),
      response: z.object({ items: z.array(sampleShape) }),
    },
    async ({ deps, query }) => ({ items: await sampleEvents(deps, { type: query.event }) }),
  );

  api.define(
    {
      method: 'get',
      path: '/events/stream',
      summary: 'Streams events; Last-Event-ID resumes',
      scope: 'read',
      query: z.strictObject({
        events: z.string().max(1_000).optional().describe('Types with commas between; unset: all'),
        site: z.string().max(60).optional().describe('Id of a site'),
      }),
      produces: 'text/event-stream',
    },
    async ({ c, deps, query }) => {
      const types = readTypes(query.events);
      const site = query.site ?? null;
      if (site !== null) {
        const { sites } = await readSettings(deps);
        const known = sites.map(({ key }) => key);
        if (!known.includes(site)) {
          throw invalidInput([
            unknownName({ location: 'query.site', what: 'site', name: site, owner: 'Sites', known }),
          ]);
        }
      }
      const stream = await streamEvents(deps, { types, site, after: readLastId(c.req.header('last-event-id')) });
      return new Response(stream, {
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // A proxy that collects an answer before it passes it on would hold back every event.
          'x-accel-buffering': 'no',
        },
      });
    },
  );
}

function readTypes(text: string | undefined): EventType[] {
  if (text === undefined) return [...eventTypes];
  const given = [...new Set(text.split(',').map((one) => one.trim()))];
  const unknown = given.filter((one) => !eventTypes.includes(one as EventType));
  if (unknown.length > 0) {
    throw invalidInput(
      unknown.map((name) =>
        unknownName({ location: 'query.events', what: 'event', name, owner: 'Events', known: eventTypes }),
      ),
    );
  }
  return given as EventType[];
}

function readLastId(header: string | undefined): number | null {
  if (header === undefined || header === '') return null;
  const id = /^evt_(\d{1,15})$/.exec(header)?.[1];
  if (id === undefined) {
    throw invalidInput([
      { location: 'header.Last-Event-ID', message: `'${header}' is no event id. It looks like evt_12.` },
    ]);
  }
  return Number(id);
}
