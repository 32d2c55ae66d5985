/**
 * What the compiler knows of a field and SQLite does not: the database keeps no statistics, so that of two indexes it may take the
 * one that finds more records.
 */
export type FieldPlan = {
  /** The field has few values, each of which many records have: an index of it finds many. */
  isBroad: boolean;
  /** A beginning (`startsWith`) finds few records too. */
  isNarrowByBeginning: boolean;
  /** The index that holds the record's time behind the value, where there is one (schema/*.ts). */
  index: string | null;
  /**
   * What that index gives for one value: its records in order of their time (`inOrder`), or one list for each of many origins,
   * which have to be put in order (`merged`). Null: neither.
   */
  order: 'inOrder' | 'merged' | null;
  /** The index counts the records of a value without reading them. */
  isCountedByIndex: boolean;
  /** An index gives all records in order of the value. */
  isInOrder: boolean;
  /** The value has to be worked out for each record, by looking at other records. */
  isSlow: boolean;
};

export const noPlan: FieldPlan = {
  isBroad: false,
  isNarrowByBeginning: true,
  index: null,
  order: null,
  isCountedByIndex: false,
  isInOrder: false,
  isSlow: false,
};
