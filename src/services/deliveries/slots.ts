/** Does work in one of a fixed number of slots; whoever comes first gets the next that is free. */
export type UseSlot = <T>(work: () => Promise<T>) => Promise<T>;

export function createSlots(count: number): UseSlot {
  let free = count;
  const waiting: Array<() => void> = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
