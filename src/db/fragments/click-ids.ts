/** Every click id of a row of `touch` as a JSON list, by the row's name. One that stands alone is in its own columns. */
export const clickIdsJson = (alias: string): string =>
  `coalesce(${alias}.click_ids, json_array(json_object('name', ${alias}.click_id_name, 'value', ${alias}.click_id_value)))`;
