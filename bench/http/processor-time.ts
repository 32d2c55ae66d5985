import { readFile } from 'node:fs/promises';

/** Processor time of a process and those it started, in milliseconds; the kernel counts in hundredths of a second. */
export async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = stat === '' ? 0 : (Number(fields[11]) + Number(fields[12])) * 10;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(
    children
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(async (id) => processorMs(Number(id))),
  );
  return own + below.reduce((sum, one) => sum + one, 0);
}
