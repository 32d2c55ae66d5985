import { readFile } from 'node:fs/promises';

/** Processor time of a process and those it started, in milliseconds; the kernel counts in hundredths of a second. */
export async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = stat === '' ? 0 : (Number(fields[11]) + Number(fields[12])) * 10;
  const below = await Promise.all((await childrenOf(pid)).map(processorMs));
  return own + below.reduce((sum, one) => sum + one, 0);
}

/** The processes that a process has started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children.trim().split(' ').filter(Boolean).map(Number);
}
