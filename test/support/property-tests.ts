import * as fc from 'fast-check';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the inputs of properties are drawn from: the same each time, unless another is asked for by `SEED`. */
    seed: number;
  }
}

fc.configureGlobal({ seed: inject('seed') });
