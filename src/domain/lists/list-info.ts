import type { ConditionField, Label } from '../segments/fields.ts';
import type { FieldCondition } from '../segments/criteria.ts';
import type { SortKey } from '../segments/query.ts';
import type { When } from '../when.ts';

/** A field of a list, without its column. */
export type ListFieldInfo = ConditionField & {
  label: Label;
  /** Set where values are days, `YYYY-MM-DD`, and not moments. */
  isDay?: boolean;
  /** Set where it can be asked about and not shown. */
  isConditionOnly?: boolean;
};

/** What is known of a list without the database: from it its parameters are read and described. */
export type ListInfo = {
  /** Its records in the plural, as in its path: `exchange-rates`. Stands in cursors, file names and errors. */
  name: string;
  /** All fields but those whose names are the caller's own, such as a form's answers. */
  fields: readonly ListFieldInfo[];
  findField: (name: string) => ListFieldInfo | undefined;
  /** Set where a form's answers are fields too: `fields.interest`. */
  hasAnswers?: boolean;
  /** The field that `from`, `to` and `period` are about: a moment, or a day. Null: the records have no time. */
  moment: string | null;
  /** The order where none is asked for. Records that are alike in it come in order of their id, in the direction of its last field. */
  sort: readonly SortKey[];
  /** Columns of CSV, and of JSON where `columns` is given without a name, where none are asked for. */
  columns: readonly string[];
  /** Where the records are shown as something else than a list: the parameters that it takes beside fields, in the place of a list's. */
  parameters?: readonly string[];
  /** Conditions that hold where no parameter names one of the fields. */
  defaults?: ReadonlyArray<{ unless: readonly string[]; condition: FieldCondition }>;
};

export const listFormats = ['json', 'csv', 'ndjson'] as const;
export type ListFormat = (typeof listFormats)[number];

/** A condition with the place of its parameter: `query.owner[oneOf]`. */
export type PlacedFilter = FieldCondition & { location: string };

/** The query string of a list as it was sent. */
export type ListParameters = ReadonlyArray<[name: string, value: string]>;

/** What a list is asked for, as its query string says it. */
export type ListQuery = {
  filters: PlacedFilter[];
  from: When | null;
  to: When | null;
  /** A word such as `thisYear`, in the place of both. */
  period: string | null;
  /** Key of a site, whose time zone days are of. */
  site: string | null;
  timeZone: string | null;
  sort: readonly SortKey[];
  limit: number | null;
  cursor: string | null;
  count: boolean;
  columns: readonly string[] | null;
  format: ListFormat;
  heads: 'names' | 'labels';
  language: keyof Label;
};
