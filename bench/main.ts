import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchEngines, showEngines } from './engines.ts';
import { benchHttp, showHttp } from './http.ts';

/**
 * `npm run bench -- --people 10000,100000,1000000 --rounds 5`: touch and submission against the least there could be, and reports
 * against SQL by hand, PostgreSQL and DuckDB. Prints tables, and writes all that was measured to .kilde/bench/result.json.
 */
const { values: options } = parseArgs({
  options: {
    people: { type: 'string', default: '10000,100000,1000000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '16' },
    only: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const wants = (part: string) => !options.only || options.only.split(',').includes(part);
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const machine = `${cpus().length} cores, ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(`${commit} on ${machine}\n`);
const result: Record<string, unknown> = { commit, machine, at: new Date().toISOString() };
if (wants('http')) {
  const http = await benchHttp({ rounds, seconds: Number(options.seconds), clients: Number(options.clients) });
  result['http'] = http;
  console.log(`${showHttp(http)}\n`);
}
if (wants('reports')) {
  const reports = await benchEngines({ people: options.people.split(',').map(Number), rounds });
  result['reports'] = reports;
  console.log(`${showEngines(reports)}\n`);
}
await mkdir(join('.kilde', 'bench'), { recursive: true });
await writeFile(join('.kilde', 'bench', 'result.json'), JSON.stringify(result, null, 2));
process.exit();
