/**
 * What every column of the schema is to the person a row is about. A new column has to be put here, and thereby decided on:
 *
 * - `personal`: of the person, or told by them. Gone when they are erased; in the file of all that is held about them.
 * - `trace`: made from what is personal (folded copies, hashes, an id that came along). Gone when they are erased.
 * - `mention`: an address may stand in it although the row is not the person's. Replaced.
 * - `kept`: numbers, times, codes, and what the installation's own people wrote; counts in totals or is nobody's.
 *
 * A table that is not named has no text of anybody: all of it is kept.
 */
export type ColumnKind = 'personal' | 'trace' | 'mention' | 'kept';

const kinds: Record<string, Partial<Record<ColumnKind, string>>> = {
  person: {
    personal: 'email first_name last_name phone title',
    trace: 'first_name_fold last_name_fold title_fold',
    kept: `id country company_id owner_id lead_status_id created_via created_form_id created_at updated_at creation_id first_touch_origin_id
      first_touch_at first_touch_landing_page_id lead_creation_origin_id lead_creation_at lead_creation_landing_page_id deal_state`,
  },
  person_email: { personal: 'email', kept: 'person_id' },
  consent: { personal: 'purpose text', kept: 'id person_id at form_id submission_id' },
  consent_request: { personal: 'purpose text', kept: 'id submission_id confirm_url at' },
  person_merge: { personal: 'kept removed', trace: 'moved', kept: 'id person_id removed_person_id at undone_at' },
  submission: {
    personal: 'fields page self_reported',
    trace: 'idempotency_key content_hash',
    kept: 'id form_id person_id company_id at created_via created_person created_company origin_id touch_at landing_page_id journey idempotency_conflict',
  },
  spam_record: { mention: 'row_json', kept: 'kind record_id cluster_id' },
  spam_cluster: { kept: 'id features count people companies at undone_at' },
  stored_file: { personal: 'field name', trace: 'sha256', kept: 'id submission_id type size at' },
  removed_file: { kept: 'id' },
  saying: { trace: 'text', kept: 'id' },
  touch: { personal: 'click_id_value click_ids raw', kept: 'id person_id at origin_id landing_page_id click_id_name' },
  deal: {
    personal: 'name next_step_text lost_reason',
    trace: 'name_fold',
    // The address of a person who is not known yet.
    mention: 'external_id link_email',
    kept: `id person_id company_id owner_id status amount_minor currency registered_at closed_at updated_at
      first_touch_origin_id lead_creation_origin_id stage_id probability expected_close_day next_step_day link_domain`,
  },
  pipeline: { mention: 'name', kept: 'id is_default created_at' },
  stage: { mention: 'name', kept: 'id pipeline_id position probability status' },
  bulk_update_row: { personal: 'before after', kept: 'bulk_update_id entity record_id restored' },
  record_change: {
    personal: 'was became',
    mention: 'key_name user_name',
    kept: 'id entity record_id at field via rule key_id user_id',
  },
  // What is found by the address alone.
  quarantine: { personal: 'payload', trace: 'idempotency_key', kept: 'id kind form_id at reasons status' },
  dead_letter: { mention: 'payload', kept: 'id at reason attempts replayed_at' },
  company: {
    mention: 'name name_fold country',
    trace: 'name_key',
    kept: `id domain registration_number owner_id category_id created_via created_at updated_at creation_id source_person_id
      first_touch_origin_id first_touch_at first_touch_landing_page_id lead_creation_origin_id lead_creation_at
      lead_creation_landing_page_id`,
  },
  company_alias: { mention: 'value', kept: 'kind merge_id company_id' },
  company_merge: { mention: 'kept removed moved', kept: 'id company_id removed_company_id at undone_at' },
  category_proposal: { kept: 'id company_id from_category_id category_id cause at state decided_at' },
  bulk_update: { mention: 'criteria change', kept: 'id entity selection_id at count undone_at restored' },
  selection: {
    mention: 'name description criteria columns sort frozen_from board',
    kept: 'id entity kind created_at owner_id visibility key_id first_id second_id operator frozen_at revision',
  },
  saved_report: { mention: 'name query', kept: 'id created_at updated_at' },
  schedule: {
    mention: 'name parameters',
    kept: 'id report_id cron time_zone language targets enabled next_at created_at updated_at',
  },
  report_run: {
    mention: 'answer error',
    kept: 'id schedule_id due_at trigger_kind status attempts lease_until finished_at',
  },
  delivery: {
    mention: 'last_error',
    kept: 'id run_id submission_id target status attempts due_at next_at finished_at',
  },
  event_delivery: {
    mention: 'last_error',
    kept: 'id webhook_id event_id person_id status attempts due_at next_at finished_at',
  },
  link: {
    mention: 'page source medium campaign term content utm_id',
    kept: 'id slug site_id created_at archived_at',
  },
  link_placement: { mention: 'placement', kept: 'link_id visits' },
  alias: { mention: 'to_canonical label', kept: 'id field created_at' },
  distinct_values: { mention: 'first second', kept: 'id field created_at' },
  alias_from: { mention: 'canonical', kept: 'field alias_id' },
  origin_value: { mention: 'canonical label alias_label', kept: 'id field alias_of first_seen_at' },
  origin: {
    mention: 'key read_as',
    kept: 'rules_version evidence id site_id source_id medium_id campaign_id term_id content_id utm_id_id referrer_domain_id channel_id placement_id click_id_name',
  },
  reclassification: {
    kept: 'id at state rules_version last_origin_id last_value_id last_group_id cursor step counts finished_at undone_at',
  },
  reclassified_origin: {
    kept: 'reclassification_id origin_id before evidence_before channel_before channel_after says_less',
  },
  reclassified_point: {
    kept: `reclassification_id point record_id origin_before at_before landing_page_before origin_after at_after
      landing_page_after company_id`,
  },
  audit_entry: { mention: 'target operation key_name user_name', kept: 'id at key_id user_id status' },
  annotation: {
    mention: 'text details key_name user_name',
    kept: 'id day site_id key_id user_id automatic kind created_at',
  },
  dashboard: {
    mention: 'name description tiles',
    kept: 'id owner_id visibility key_id is_default revision created_at updated_at',
  },
  // Of the installation's own people, and its settings.
  owner: { mention: 'name', kept: 'id email active created_at' },
  category: {
    mention: 'name description',
    kept: 'id category_group position set_on archived_at resets_lead_status needs_confirmation',
  },
  lead_status: { mention: 'name description', kept: 'id position is_default sets_category_id archived_at' },
  site: {
    mention: 'name ignored_referrers channel_rules',
    kept: `id key domains is_default time_zone country look_back_days consent utm_tracking created_at`,
  },
  form: {
    mention: 'name field_mapping redirect_url honeypot_field consents thank_you closed_text auto_reply',
    kept: `id key site_id enabled closes_at closes_after utm_tracking allowed_origins minimum_seconds turnstile default_category_id
      selection_id notify language mode store_files created_at deleted_at`,
  },
  settings: { kept: 'id version reporting_currency retention phones_before' },
  // Users are the installation's own people: their addresses are what they sign in with.
  user: { mention: 'name', kept: 'id email role language owner_id disabled_at created_at' },
  user_password: { kept: 'user_id hash changed_at' },
  user_identity: { kept: 'issuer subject user_id created_at' },
  session: { kept: 'id user_id hash device created_at seen_at expires_at' },
  one_time_link: {
    kept: 'id purpose hash mailed_hash email role user_id base_url language created_at expires_at used_at',
  },
  sign_in_provider: {
    mention: 'name',
    kept: 'id issuer client_id client_secret allowed_domains default_role created_at',
  },
  api_key: { mention: 'name', kept: 'id hash prefix scopes expires_at created_at' },
  webhook: {
    mention: 'name disabled_reason',
    kept: 'id url secret former_secret former_until events enabled created_at',
  },
  receiver: { kept: 'address lease_until failures failing_since retry_at last_error is_gone' },
  event_stream: { kept: 'type until' },
  event: { kept: 'id type person_id subject_id at detail' },
  erasure: { kept: 'hash salt erased_at' },
};

/** Tables of numbers, days and ids. */
const plain = new Set([
  // Empty between transactions.
  'change_author',
  'cost',
  'credit_total',
  'deal_fact',
  'exchange_rate',
  'form_day',
  'lead_fact',
  'link_day',
  'new_value_day',
  'origin_group',
  'report_path',
  'report_state',
  'report_total',
  'selection_day',
  'selection_watch',
  'selection_seen',
  'selection_change',
  'event_mark',
  'selection_leave',
  'selection_member',
  'selection_reference',
  'settled_total',
  'unsettled_deal',
  'unsettled_lead',
  'visit_batch',
  'visit_day',
]);

/** Kind of a column; undefined where nobody has decided. */
export function kindOf(table: string, column: string): ColumnKind | undefined {
  if (plain.has(table)) return 'kept';
  const found = Object.entries(kinds[table] ?? {}).find(([, names]) => names.trim().split(/\s+/).includes(column));
  return found?.[0] as ColumnKind | undefined;
}

export const declaredColumns = (): string[] =>
  Object.entries(kinds).flatMap(([table, of]) =>
    Object.values(of).flatMap((names) =>
      names
        .trim()
        .split(/\s+/)
        .map((column) => `${table}.${column}`),
    ),
  );

/**
 * The rows that are a person's, by the column that names them: all are in the file of what is held about them, and so is every
 * column, but `untold` ones: copies of another, numbers of our own, and how something is being sent.
 */
export const rowsOfPerson: Record<string, { by: string; untold?: string }> = {
  person: { by: 'id', untold: 'first_name_fold last_name_fold title_fold creation_id deal_state' },
  person_email: { by: 'person_id' },
  consent: { by: 'person_id', untold: 'id submission_id' },
  person_merge: { by: 'person_id', untold: 'moved' },
  submission: { by: 'person_id', untold: 'idempotency_key content_hash journey' },
  touch: { by: 'person_id', untold: 'id' },
  deal: { by: 'person_id', untold: 'name_fold first_touch_origin_id lead_creation_origin_id updated_at probability' },
  company: {
    by: 'source_person_id',
    untold: `name_fold name_key domain registration_number country owner_id category_id created_via created_at updated_at creation_id
      first_touch_origin_id first_touch_at first_touch_landing_page_id lead_creation_origin_id lead_creation_at
      lead_creation_landing_page_id`,
  },
  selection_member: { by: 'member_id' },
  bulk_update_row: { by: 'record_id', untold: 'entity restored bulk_update_id' },
  record_change: { by: 'record_id', untold: 'id entity via rule key_id key_name user_id user_name' },
  event: { by: 'person_id', untold: 'id subject_id detail' },
  event_delivery: { by: 'person_id', untold: 'id event_id attempts due_at next_at last_error finished_at' },
};

/** Tables with a column that could name a person, and does not: of other records, or told under the row above them. */
export const namesNobody: Record<string, string> = {
  consent_request: 'of a submission: purpose, text and time are told with it',
  delivery: 'of a submission: to whom and with what end is told with it',
  lead_fact: 'worked out for reports from the rows of a person, which are told themselves',
  reclassified_point: 'which touch a point named before: both stand in the journey, which is told itself',
  selection_seen: 'who was in a dynamic selection when it was last compared: deleted with the person',
  selection_change: 'empty between two comparisons',
  spam_record: 'what was marked as spam is nobody’s until it comes back',
  stored_file: 'of a submission: told with it',
  unsettled_lead: 'whom reports work out anew',
};
