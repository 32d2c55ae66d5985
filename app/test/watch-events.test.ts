import { expect, it } from 'vitest';
import { eventsOf } from '../src/api/watch-events.ts';

it('reads events from a stream that is cut anywhere, and passes comments over', async () => {
  const text =
    'retry: 3000\n\n: still here\n\n' +
    ['12', '13']
      .map(
        (id) =>
          `id: evt_${id}\nevent: person.created\ndata: {"type":"person.created","timestamp":"2026-09-01T10:00:0${id[1]}Z","data":{"name":"Åse: \\n"}}\n\n`,
      )
      .join('');
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 7, 64, bytes.length]) {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const read = [];
    for await (const event of eventsOf(body)) read.push(event);
    expect(read).toEqual([
      { id: 'evt_12', type: 'person.created', timestamp: '2026-09-01T10:00:02Z' },
      { id: 'evt_13', type: 'person.created', timestamp: '2026-09-01T10:00:03Z' },
    ]);
  }
});
