import type { ReportQuery } from '../../domain/reports/query.ts';
import type { Wanted } from '../segments/check-values.ts';
import { isId } from '../segments/named-records.ts';

/** Dimensions whose values are records, named by id or by name in any case. A name that none has is refused, not counted as 0. */
const records = ['form', 'owner', 'company', 'category', 'leadStatus'] as const;

/** The values of a report's filter that the database has to know. */
export function wantedOfFilter(filter: ReportQuery['filter']): Wanted[] {
  return records.flatMap((name) =>
    (filter[name] ?? []).flatMap((value, index): Wanted[] => {
      // Of companies there are many: an id that none has finds nothing.
      if (value === null || (name === 'company' && isId(value))) return [];
      return [{ list: name, value, given: value, location: `body.filter.${name}[${index}]` }];
    }),
  );
}
