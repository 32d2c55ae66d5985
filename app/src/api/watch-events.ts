import { prefix } from './place.ts';
import { readKey } from './session.ts';

type LiveEvent = { id: string; type: string; timestamp: string };

const retryMs = 5_000;
const longestRetryMs = 60_000;

/**
 * Reads events as they happen until the signal is aborted. A stream that ends or breaks is read on from its last event, later each time
 * nothing came; one that the API refuses is not asked for again.
 */
export async function watchEvents({
  types,
  signal,
  onEvent,
}: {
  types: readonly string[];
  signal: AbortSignal;
  onEvent: (event: LiveEvent) => void;
}): Promise<void> {
  let last: string | null = null;
  let pauseMs = retryMs;
  while (!signal.aborted) {
    try {
      const key = readKey();
      const response: Response = await fetch(`${prefix}/api/v1/events/stream?events=${types.join(',')}`, {
        signal,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(last === null ? {} : { 'last-event-id': last }),
        },
      });
      if (response.status >= 400 && response.status < 500 && response.status !== 429) return;
      if (response.ok && response.body !== null) {
        for await (const event of eventsOf(response.body)) {
          last = event.id;
          pauseMs = retryMs;
          onEvent(event);
        }
      }
    } catch {
      // No connection: asked again below.
    }
    await pause(pauseMs, signal);
    pauseMs = Math.min(longestRetryMs, pauseMs * 2);
  }
}

/** The events of a stream of server-sent events; comments are passed over. */
export async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<LiveEvent> {
  let text = '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => splitOnce(line, ': ')));
      const [id, data] = [fields.get('id'), fields.get('data')];
      if (id === undefined || data === undefined) continue;
      const { type, timestamp } = JSON.parse(data) as { type: string; timestamp: string };
      yield { id, type, timestamp };
    }
  }
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + by.length)];
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
