import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { knownPeople, loads } from './loads.ts';
import type { Load, LoadName } from './loads.ts';
import { processorMs } from './processor-time.ts';

/**
 * Puts load on one address, from a process of its own: as many connections as asked for, each waiting for its answer before it
 * asks again. It writes and reads bytes: a client that costs more than the server would measure itself. Loopback alone.
 * Each line of its input is a step, as JSON, and answered by a line with the result; the first line of all says that it is ready.
 */
export type Step = { clients: number; seconds: number };
export type StepResult = Step & {
  perSecond: number;
  /** Processor time of the server and what it started, for each request. */
  cpuMs: number;
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  most: number;
  errors: number;
};

const { url, serverPid, load } = JSON.parse(process.argv[2]!) as { url: string; serverPid: number; load: LoadName };
const { hostname, port, host } = new URL(url);
const { make, hasJourney = false }: Load = loads[load];
const warmSeconds = 2;
const mostRequests = 2_000_000;
let n = 0;
let cookie = '';

function requestOf(number: number): string {
  const { path, body } = make(number);
  const head = `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1\r\nhost: ${host}\r\n${cookie}`;
  return body === undefined
    ? `${head}\r\n`
    : `${head}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** The first 1,000 touches, made once: no two forms are alike. */
let made: string[] = [];
const next = (): string => {
  n += 1;
  return made.length > 0 ? made[n % made.length]! : requestOf(n);
};

type Answer = { status: number; head: string };

/** Reads one answer from its first bytes; null while more are to come. */
function readAnswer(bytes: Buffer): Answer | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const head = bytes.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  if (status === 204 || status === 304) return { status, head };
  const length = /\r\ncontent-length: (\d+)/i.exec(head);
  const isWhole = length
    ? bytes.length >= end + 4 + Number(length[1])
    : bytes.toString('latin1', bytes.length - 5) === '0\r\n\r\n' && bytes.length > end + 4;
  return isWhole ? { status, head } : null;
}

/** One visitor after the other on one connection, until it is over. */
async function visit({ isOver, note }: { isOver: () => boolean; note: (ms: number, answer: Answer) => void }) {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let began = 0;
    let held: Buffer | null = null;
    const send = () => {
      began = performance.now();
      socket.write(next(), 'latin1');
    };
    socket.setTimeout(30_000, () => socket.destroy(new Error('No answer for half a minute.')));
    socket.once('connect', send);
    socket.once('error', reject);
    socket.once('close', () => (isOver() ? resolve() : reject(new Error('The server closed the connection.'))));
    socket.on('data', (bytes) => {
      const all: Buffer = held === null ? bytes : Buffer.concat([held, bytes]);
      const answer = readAnswer(all);
      held = answer === null ? all : null;
      if (answer === null) return;
      note(performance.now() - began, answer);
      if (isOver()) socket.destroy();
      else send();
    });
  });
}

async function run({ clients, seconds, atLeast = 0 }: Step & { atLeast?: number }) {
  const end = performance.now() + seconds * 1_000;
  const times: number[] = [];
  let errors = 0;
  const isOver = () => (performance.now() >= end && times.length >= atLeast) || times.length >= mostRequests;
  const note = (ms: number, { status }: Answer) => {
    times.push(ms);
    if (status >= 300) errors += 1;
  };
  await Promise.all(Array.from({ length: clients }, async () => visit({ isOver, note })));
  return { times, errors };
}

if (hasJourney) {
  for (let visits = 0; visits < 3; visits += 1) {
    let isDone = false;
    await visit({
      isOver: () => isDone,
      note: (_, { head }) => {
        isDone = true;
        const set = /\r\nset-cookie: ([^;]+)/i.exec(head)?.[1];
        if (set) cookie = `cookie: ${set}\r\n`;
      },
    });
  }
}
if (make(0).body === undefined) made = Array.from({ length: 1_000 }, (_, number) => requestOf(number));
// What is loaded when first asked for, and what is compiled when it is hot, is not what is measured.
await run({ clients: 16, seconds: warmSeconds, atLeast: knownPeople });
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const step = JSON.parse(line) as Step;
  const before = await processorMs(serverPid);
  const began = performance.now();
  const { times, errors } = await run(step);
  const elapsed = performance.now() - began;
  const cpu = (await processorMs(serverPid)) - before;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  const result: StepResult = {
    ...step,
    perSecond: (times.length / elapsed) * 1_000,
    cpuMs: cpu / times.length,
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    p999: at(0.999),
    most: at(1),
    errors,
  };
  console.log(JSON.stringify(result));
}
