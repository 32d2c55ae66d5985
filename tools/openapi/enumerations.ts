import { dimensionNames, grains } from '../../src/domain/reports/dimensions.ts';
import { measureNames } from '../../src/domain/reports/measures.ts';
import { reportModels } from '../../src/domain/reports/models.ts';
import { periodWords } from '../../src/domain/reports/relative-period.ts';
import type { Json } from './components.ts';

/** Names that a schema takes as text, since an unknown one is refused with the nearest: described as the enumerations that they are. */
export const enumerations: Record<string, Json> = {
  Measure: { type: 'string', description: 'Measure', enum: [...measureNames] },
  Dimension: { type: 'string', description: 'Dimension', enum: [...dimensionNames, ...grains] },
  Model: { type: 'string', description: 'Model', enum: [...reportModels] },
  PeriodWord: {
    type: 'string',
    description: 'Period that moves with today',
    anyOf: [
      { enum: periodWords.filter((word) => !word.includes('<')) },
      { pattern: '^last[1-9]\\d{0,4}(Days|Weeks|Months)$' },
    ],
  },
};
