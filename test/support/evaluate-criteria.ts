import { foldText } from '../../src/domain/fold-text.ts';

/**
 * A second reading of docs/segments.md: criteria over records in memory, written without a look at the compiler, so
 * that the two can be held against each other. Of the product's code it uses `foldText` alone.
 */

export type Value = string | number | null;
/** A row as it stands in its table. */
export type Row = Record<string, Value>;

export type World = {
  person: Row[];
  company: Row[];
  submission: Row[];
  deal: Row[];
  pipeline: Row[];
  stage: Row[];
  touch: Row[];
  origin: Row[];
  origin_value: Row[];
  alias: Row[];
  alias_from: Row[];
  lead_status: Row[];
  category: Row[];
  owner: Row[];
  form: Row[];
  selection: Row[];
  selection_member: Row[];
  consent: Row[];
};

export type Entity = 'person' | 'company' | 'submission' | 'deal' | 'touch' | 'selection' | 'consent';
export type Now = { at: number; timeZone: string };

/** What one record has in one field: what is compared, shown, and sorted by. Several answers are several values. */
type Has =
  | {
      as: 'text';
      compared: string[];
      shown: string[];
      fold: (text: string) => string;
      /** What it is found by too, where it is asked for whole. */
      spellings?: string[];
      display: unknown;
      order: Value;
    }
  | { as: 'number' | 'date' | 'day' | 'boolean' | 'choice'; value: Value; display: unknown; order: Value };

const capitals = 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆČĎĐĒĖĘĚĢĪĮĶĹĻŁŃŅŇŊŌŐŒŔŘŚŠŞŢŤŦŪŮŰŲŸŹŻŽȘȚ';

/** Small letters for A to Z and the capitals of the European languages; all else stays. */
function latin(text: string): string {
  return Array.from(text, (letter) =>
    (letter >= 'A' && letter <= 'Z') || capitals.includes(letter) ? letter.toLowerCase() : letter,
  ).join('');
}

const whole = (text: string): string => foldText(text)!;
/** A page as its address has it, in small letters of ASCII. */
const escaped = (text: string): string =>
  text
    .normalize('NFC')
    .trim()
    .replaceAll(/[^!-~]+/g, encodeURIComponent);
const page = (text: string): string => escaped(text).replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
const small = (text: string): string => text.normalize('NFC').toLowerCase().trim();

function text(value: Value | undefined, fold: (text: string) => string): Has {
  if (value === null || value === undefined) {
    return { as: 'text', compared: [], shown: [], fold, display: null, order: null };
  }
  const shown = String(value);
  const compared = fold === small ? shown : fold(shown);
  const order = fold === latin ? Array.from(compared).slice(0, 200).join('') : compared;
  return { as: 'text', compared: [compared], shown: [shown], fold, display: shown, order };
}

const number = (value: Value): Has => ({ as: 'number', value, display: value, order: value });
const choice = (value: Value): Has => ({ as: 'choice', value, display: value, order: value });
const flag = (value: Value): Has => ({ as: 'boolean', value, display: value === 1, order: value });
const id = (value: Value): Has => ({
  as: 'choice',
  value: value === null ? null : String(value),
  display: value === null ? null : String(value),
  order: value,
});
const date = (value: Value): Has => ({
  as: 'date',
  value,
  display: value === null ? null : new Date(value).toISOString(),
  order: value,
});

const calendarDay = (value: Value): Has => ({ as: 'day', value, display: value, order: value });

const units: Record<string, number> = { NOK: 100, EUR: 100, JPY: 1, KWD: 1000, XXX: 100 };

/** When a deal was registered, and a member added. */
const createdColumns: Partial<Record<Entity, string>> = { deal: 'registered_at', selection: 'added_at' };

const pointColumns: Record<string, string> = {
  source: 'source_id',
  medium: 'medium_id',
  campaign: 'campaign_id',
  term: 'term_id',
  content: 'content_id',
  utmId: 'utm_id_id',
  channel: 'channel_id',
  referrerDomain: 'referrer_domain_id',
  placement: 'placement_id',
};

export class Evaluator {
  #world: World;
  #now: Now;
  #byId = new Map<string, Row>();

  constructor(world: World, now: Now) {
    this.#world = world;
    this.#now = now;
    for (const [table, rows] of Object.entries(world)) {
      for (const row of rows) if ('id' in row) this.#byId.set(`${table}:${row['id']}`, row);
    }
  }

  /** The records the criteria hold for, in order. */
  select(entity: Entity, criteria: any, sort: Array<{ field: string; direction: 'asc' | 'desc' }>): Row[] {
    const found = this.rowsOf(entity).filter((row) => this.holds(entity, row, criteria));
    const keyOf = new Map(found.map((row) => [row, sort.map(({ field }) => this.field(entity, row, field).order)]));
    const last = sort.at(-1)?.direction ?? 'asc';
    return found.toSorted((a, b) => {
      for (const [index, { direction }] of sort.entries()) {
        const [x, y] = [keyOf.get(a)![index]!, keyOf.get(b)![index]!];
        if (x === null && y === null) continue;
        if (x === null) return 1;
        if (y === null) return -1;
        const order = compare(x, y);
        if (order !== 0) return direction === 'asc' ? order : -order;
      }
      const order = compare(a['id']!, b['id']!);
      return last === 'asc' ? order : -order;
    });
  }

  rowsOf(entity: Entity): Row[] {
    return entity === 'selection' ? this.#world.selection_member : this.#world[entity];
  }

  show(entity: Entity, row: Row, field: string): unknown {
    return this.field(entity, row, field).display;
  }

  holds(entity: Entity, row: Row, criteria: any): boolean {
    if (criteria.all) return criteria.all.every((one: any) => this.holds(entity, row, one));
    if (criteria.any) return criteria.any.some((one: any) => this.holds(entity, row, one));
    if (criteria.not) return !this.holds(entity, row, criteria.not);
    if (criteria.has) {
      const others = this.related(entity, row, criteria.has);
      const n = others.filter((other) => !criteria.where || this.holds(criteria.has, other, criteria.where)).length;
      const { gte, gt, lte, lt, eq, ne } = criteria.count ?? { gte: 1 };
      return !(
        (gte !== undefined && n < gte) ||
        (gt !== undefined && n <= gt) ||
        (lte !== undefined && n > lte) ||
        (lt !== undefined && n >= lt) ||
        (eq !== undefined && n !== eq) ||
        (ne !== undefined && n === ne)
      );
    }
    const { field, op, value } = criteria;
    if (field === 'selection') {
      const isIn = this.memberships(entity, row).some((one) => String(one['selection_id']) === String(value));
      return op === 'inSelection' ? isIn : !isIn;
    }
    return this.#test(this.field(entity, row, field), op, value);
  }

  memberships(entity: Entity, row: Row): Row[] {
    return this.#world.selection_member.filter(
      (one) =>
        one['member_id'] === row['id'] && this.#byId.get(`selection:${one['selection_id']}`)!['entity'] === entity,
    );
  }

  related(entity: Entity, row: Row, other: Entity): Row[] {
    const { person, submission, deal, touch } = this.#world;
    const by = (rows: Row[], column: string, value: Value | undefined) =>
      value === null ? [] : rows.filter((one) => one[column] === value);
    switch (`${entity}>${other}`) {
      case 'person>submission':
        return by(submission, 'person_id', row['id']);
      case 'person>deal':
        return by(deal, 'person_id', row['id']);
      case 'person>touch':
        return by(touch, 'person_id', row['id']);
      case 'person>consent':
        return by(this.#world.consent, 'person_id', row['id']);
      case 'company>person':
        return by(person, 'company_id', row['id']);
      case 'company>submission':
        return by(submission, 'company_id', row['id']);
      case 'company>deal':
        return by(deal, 'company_id', row['id']);
      case 'company>touch':
        return by(person, 'company_id', row['id']).flatMap((one) => by(touch, 'person_id', one['id']));
      case 'submission>touch': {
        const passed = JSON.parse(String(row['journey'] ?? '[]')) as number[];
        return touch.filter((one) => one['person_id'] === row['person_id'] && passed.includes(one['id'] as number));
      }
      case 'person>selection':
      case 'company>selection':
      case 'deal>selection':
      case 'submission>selection':
        return this.memberships(entity, row);
      case 'touch>company':
        return by(person, 'id', row['person_id']).flatMap((one) => this.related('person', one, 'company'));
      case 'touch>submission':
        return submission.filter((one) => this.related('submission', one, 'touch').includes(row));
      case 'touch>person':
      case 'submission>person':
      case 'deal>person':
        return by(this.#world.person, 'id', row['person_id']);
      default:
        return by(this.#world.company, 'id', row['company_id']);
    }
  }

  /** The value a record points at, as it counts after corrections; null for none. */
  #counted(
    valueId: Value | undefined,
  ): { canonical: string; label: string; labels: string[]; spellings: string[] } | null {
    const own = this.#byId.get(`origin_value:${valueId}`);
    if (!own) return null;
    const shown = own['alias_of'] === null ? own : this.#byId.get(`origin_value:${own['alias_of']}`)!;
    const rule = this.#world.alias.find(
      (one) => one['field'] === shown['field'] && one['to_canonical'] === shown['canonical'],
    );
    const spellings = this.#world.alias_from.filter((one) => rule !== undefined && one['alias_id'] === rule['id']);
    return {
      canonical: String(shown['canonical']),
      label: String(shown['alias_label'] ?? shown['label']),
      labels: rule && shown['alias_label'] !== null ? [String(shown['alias_label'])] : [],
      spellings: spellings.map((one) => String(one['canonical'])),
    };
  }

  #valueField(valueId: Value | undefined): Has {
    const counted = this.#counted(valueId);
    if (!counted) return text(null, whole);
    const { canonical, label } = counted;
    return {
      as: 'text',
      compared: [canonical, ...counted.labels.map(latin)],
      shown: [label],
      fold: whole,
      spellings: counted.spellings,
      display: label,
      order: canonical,
    };
  }

  #pageField(valueId: Value | undefined): Has {
    const has = this.#valueField(valueId);
    return has.as === 'text' ? { ...has, compared: has.compared.map(page), fold: page } : has;
  }

  #point(part: string, point: { person: Value; origin: Value; at: Value; page: Value }): Has {
    if (part.startsWith('clickIds.')) {
      return this.#clickIds(this.#touchOf(point.person, point.at, point.origin), part.slice('clickIds.'.length));
    }
    if (part === 'at') return date(point.at);
    if (part === 'landingPage') return this.#pageField(point.page);
    const origin = point.origin === null ? undefined : this.#byId.get(`origin:${point.origin}`);
    return this.#valueField(origin?.[pointColumns[part]!]);
  }

  /** The click ids of one name that a touch has: the last is shown, any may be compared. */
  #clickIds(touch: Row | undefined, name: string): Has {
    const own = { name: touch?.['click_id_name'], value: touch?.['click_id_value'] };
    const all = (touch?.['click_ids'] ? JSON.parse(String(touch['click_ids'])) : [own]) as Array<typeof own>;
    const values = all.filter((one) => one.name === name && one.value !== null).map((one) => String(one.value));
    const last = text(values.at(-1), latin);
    return last.as === 'text' ? { ...last, compared: values.map(latin), shown: values } : last;
  }

  #touchOf(person: Value, at: Value, origin: Value): Row | undefined {
    return this.#world.touch.find(
      (one) => one['person_id'] === person && one['at'] === at && one['origin_id'] === origin,
    );
  }

  #listed(table: 'lead_status' | 'category', listId: Value, column = 'name'): Has {
    const row = listId === null ? undefined : this.#byId.get(`${table}:${listId}`);
    return { ...text(row?.[column], latin), order: row?.['position'] ?? null };
  }

  #stageOf(row: Row): Row {
    return this.#byId.get(`stage:${row['stage_id']}`) ?? {};
  }

  /** A value of a list, asked for by its name and shown with its id. */
  #asRecord(table: 'lead_status' | 'category', listId: Value): Has {
    const row = this.#byId.get(`${table}:${listId}`);
    const display = row ? { id: String(row['id']), name: row['name'] } : null;
    return { ...this.#listed(table, listId), spellings: row ? [String(row['id'])] : [], display } as Has;
  }

  /** Another record, of which nothing is shown where it is an erased person. */
  #record(table: 'person' | 'company', rowId: Value): Has {
    const row = this.#byId.get(`${table}:${rowId}`);
    const name = table === 'company' ? row?.['name'] : (row?.['email'] ?? row?.['phone'] ?? '');
    const display = row && Number(rowId) > 0 ? { id: String(rowId), name } : null;
    return { ...id(rowId), display };
  }

  #named(table: 'owner' | 'form' | 'pipeline' | 'stage', rowId: Value): Has {
    const row = rowId === null ? undefined : this.#byId.get(`${table}:${rowId}`);
    if (!row) return choice(null);
    const key = String(table === 'form' ? row['key'] : row['id']);
    return { as: 'choice', value: key, display: { id: key, name: row['name'] }, order: latin(String(row['name'])) };
  }

  field(entity: Entity, row: Row, name: string): Has {
    const v = (column: string): Value => row[column] ?? null;
    const dot = name.indexOf('.');
    const [head, rest] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)];
    const isParent = head === 'person' ? entity !== 'person' : head === 'company' && entity !== 'company';
    if (isParent && rest !== '') {
      const parent = this.related(entity, row, head as Entity)[0];
      if (parent) return this.field(head as Entity, parent, rest);
      // No parent, no value: as of a record with nothing in it, but for its numbers.
      return { ...this.field(head as Entity, {}, rest), ...emptied };
    }
    if (entity === 'touch') {
      if (name in pointColumns || name === 'landingPage' || name === 'at') {
        return this.#point(name, {
          person: v('person_id'),
          origin: v('origin_id'),
          at: v('at'),
          page: v('landing_page_id'),
        });
      }
      if (name === 'id') return id(v('id'));
      if (name === 'person') return this.#record('person', v('person_id'));
      if (head === 'clickIds') return this.#clickIds(row, rest);
      return text(v('click_id_name'), latin);
    }
    if (name === 'id') return entity === 'selection' ? id(v('selection_id')) : id(v('id'));
    if (name === 'person') return this.#record('person', v('person_id'));
    if (name === 'company') return this.#record('company', v('company_id'));
    if (name === 'owner') return this.#named('owner', v('owner_id'));
    if (name === 'country') return text(v('country'), latin);
    if (name === 'createdVia') return choice(v('created_via') ?? (entity === 'submission' ? 'form' : null));
    if (name === 'createdAt') return date(v(createdColumns[entity] ?? 'created_at'));
    if (name === 'updatedAt') return date(v('updated_at'));
    switch (entity) {
      case 'person':
        return this.#personField(row, { name, head, rest });
      case 'company': {
        if (head === 'companySource') {
          const which = rest.split('.')[0]!;
          const part = rest.slice(which.length + 1);
          const prefix = which === 'firstTouch' ? 'first_touch' : 'lead_creation';
          return this.#point(part, {
            person: v('source_person_id'),
            origin: v(`${prefix}_origin_id`),
            at: v(`${prefix}_at`),
            page: v(`${prefix}_landing_page_id`),
          });
        }
        if (name === 'name') return text(v('name'), whole);
        if (name === 'domain') return text(v('domain'), small);
        if (name === 'registrationNumber') return text(v('registration_number'), latin);
        if (name === 'category') return this.#asRecord('category', v('category_id'));
        if (name === 'categoryGroup') return this.#listed('category', v('category_id'), 'category_group');
        if (name === 'personCount') return number(this.related('company', row, 'person').length);
        break;
      }
      case 'submission': {
        if (head === 'touch') {
          return this.#point(rest, {
            person: v('person_id'),
            origin: v('origin_id'),
            at: v('touch_at'),
            page: v('landing_page_id'),
          });
        }
        if (head === 'conversion') {
          const has = this.field('submission', row, `touch.${rest}`);
          return v('created_person') === 0 ? has : { ...has, ...emptied };
        }
        if (head === 'clickIds') return this.field('submission', row, `touch.${name}`);
        if (head === 'fields') return answer(row, rest);
        if (name === 'form') return this.#named('form', v('form_id'));
        if (name === 'at') return date(v('at'));
        if (name === 'createdPerson') return flag(v('created_person'));
        if (name === 'createdCompany') return flag(v('created_company'));
        if (name === 'kind') {
          return choice(v('person_id') === null ? null : v('created_person') === 1 ? 'leadCreation' : 'conversion');
        }
        if (name === 'page') return text(v('page'), latin);
        if (name === 'selfReported') return text(v('self_reported'), latin);
        break;
      }
      case 'deal': {
        if (name === 'externalId') return text(v('external_id'), latin);
        if (name === 'name') return text(v('name'), whole);
        if (name === 'status') return choice(v('status'));
        if (name === 'amount') return number((v('amount_minor') as number) / units[String(v('currency'))]!);
        if (name === 'currency') return text(v('currency'), latin);
        if (name === 'closedAt') return date(v('closed_at'));
        if (name === 'pipeline') return { ...this.#named('pipeline', this.#stageOf(row)['pipeline_id'] ?? null) };
        if (name === 'stage') {
          return { ...this.#named('stage', v('stage_id')), order: this.#stageOf(row)['position'] ?? null };
        }
        if (name === 'probability') {
          return number({ won: 1, lost: 0 }[String(v('status'))] ?? (v('probability') as number) / 100);
        }
        if (name === 'expectedCloseDate') return calendarDay(v('expected_close_day'));
        if (name === 'nextStep.text') return text(v('next_step_text'), latin);
        if (name === 'nextStep.day') return calendarDay(v('next_step_day'));
        if (name === 'lostReason') return text(v('lost_reason'), latin);
        break;
      }
      case 'consent': {
        if (name === 'purpose') return text(v('purpose'), latin);
        if (name === 'given') return flag(1);
        return date(v('at'));
      }
      case 'selection': {
        if (name === 'name') return text(this.#byId.get(`selection:${v('selection_id')}`)!['name'], latin);
        break;
      }
    }
    throw new Error(`The evaluator knows no ${entity}.${name}`);
  }

  #personField(row: Row, { name, head, rest }: { name: string; head: string; rest: string }): Has {
    const v = (column: string): Value => row[column] ?? null;
    if (head === 'firstTouch' || head === 'leadCreation') {
      const prefix = head === 'firstTouch' ? 'first_touch' : 'lead_creation';
      return this.#point(rest, {
        person: v('id'),
        origin: v(`${prefix}_origin_id`),
        at: v(`${prefix}_at`),
        page: v(`${prefix}_landing_page_id`),
      });
    }
    const submissions = this.related('person', row, 'submission');
    if (head === 'latestConversion') {
      const latest = submissions
        .filter((one) => one['created_person'] === 0)
        .toSorted((a, b) => compare(b['at']!, a['at']!) || compare(b['id']!, a['id']!))[0];
      return this.#point(rest, {
        person: v('id'),
        origin: latest?.['origin_id'] ?? null,
        at: latest?.['touch_at'] ?? null,
        page: latest?.['landing_page_id'] ?? null,
      });
    }
    if (head === 'consent') {
      const given = this.related('person', row, 'consent');
      if (rest === 'given') return flag(given.length > 0 ? 1 : 0);
      if (rest === 'at') return date(given.length === 0 ? null : Math.max(...given.map((one) => Number(one['at']))));
      const purposes = [...new Set(given.map((one) => String(one['purpose'])))].toSorted(compare);
      const shown = text(purposes.length === 0 ? null : purposes.join(', '), latin);
      return shown.as === 'text' ? { ...shown, compared: purposes.map(latin), shown: purposes } : shown;
    }
    if (name === 'email') return text(v('email'), small);
    if (name === 'firstName') return text(v('first_name'), whole);
    if (name === 'lastName') return text(v('last_name'), whole);
    if (name === 'phone') return text(v('phone'), latin);
    if (name === 'title') return text(v('title'), whole);
    if (name === 'leadStatus') return this.#asRecord('lead_status', v('lead_status_id'));
    if (name === 'createdByForm') return this.#named('form', v('created_form_id'));
    if (name === 'submissionCount') return number(submissions.length);
    if (name === 'latestSubmissionAt') {
      return date(submissions.length === 0 ? null : Math.max(...submissions.map((one) => Number(one['at']))));
    }
    throw new Error(`The evaluator knows no person.${name}`);
  }

  #test(has: Has, op: string, value: any): boolean {
    const opposite = opposites[op];
    if (opposite) return !this.#test(has, opposite, value);
    if (has.as === 'text') {
      const { compared, shown, fold, spellings = [] } = has;
      const whole = new Set([...compared, ...spellings]);
      const some = (test: (one: string) => boolean) => compared.some(test);
      switch (op) {
        case 'equals':
          return whole.has(fold(value));
        case 'isExactly':
          return shown.includes(value) || (fold === page && shown.includes(escaped(value)));
        case 'startsWith':
          return some((one) => one.startsWith(fold(value)));
        case 'endsWith':
          return some((one) => one.endsWith(fold(value)));
        case 'contains':
          return some((one) => one.includes(fold(value)));
        case 'oneOf':
          return value.some((wanted: string) => whole.has(fold(wanted)));
        case 'notEmpty':
          return shown.some((one) => one !== '');
        default:
          throw new Error(op);
      }
    }
    if (has.value === null) return false;
    if (op === 'notEmpty') return true;
    switch (has.as) {
      case 'choice':
        return (op === 'oneOf' ? (value as unknown[]) : [value])
          .map(String)
          .some((one) => one.trim().toLowerCase() === String(has.value).toLowerCase());
      case 'boolean':
        return (has.value === 1) === value;
      case 'number': {
        const n = has.value as number;
        switch (op) {
          case 'eq':
            return n === value;
          case 'lt':
            return n < value;
          case 'lte':
            return n <= value;
          case 'gt':
            return n > value;
          case 'gte':
            return n >= value;
          default:
            return value[0] <= n && n <= value[1];
        }
      }
      case 'date':
        return this.#testDate(has.value, op, value);
      case 'day':
        return this.#testDate(has.value, op, value);
    }
  }

  dayOf(moment: number): string {
    return localDay(moment, this.#now.timeZone);
  }

  /** How many units a moment or a day is after the current one. */
  distance(unit: string, at: number | string): number {
    const day = typeof at === 'string' ? at : this.dayOf(at);
    return unitIndex(day, unit) - unitIndex(this.dayOf(this.#now.at), unit);
  }

  /** @param at a moment, or a calendar day: of moments asked for, the day that they are on counts for it. */
  #testDate(at: number | string, op: string, value: any): boolean {
    const day = typeof at === 'string' ? at : this.dayOf(at);
    const isDay = (one: string) => one.length === 10;
    const isFrom = (moment: number) => (typeof at === 'string' ? day >= this.dayOf(moment) : at >= moment);
    const from = (one: string) => (isDay(one) ? day >= one : isFrom(Date.parse(one)));
    const to = (one: string) => (isDay(one) ? day <= one : !isFrom(Date.parse(one) + 1));
    switch (op) {
      case 'before':
        return !from(value);
      case 'after':
        return !to(value);
      case 'on':
        return from(value) && to(value);
      case 'between':
        return from(value[0]) && to(value[1]);
    }
    const distance = (unit: string) => this.distance(unit, day);
    switch (op) {
      case 'today':
        return distance('day') === 0;
      case 'beforeToday':
        return distance('day') < 0;
      case 'afterToday':
        return distance('day') > 0;
      case 'lastDays':
        return distance('day') <= 0 && distance('day') > -(value.count ?? value);
      case 'nextDays':
        return distance('day') >= 0 && distance('day') < (value.count ?? value);
    }
    const away = distance(value.unit);
    const count = value.count ?? 1;
    switch (op) {
      case 'this':
        return away === 0;
      case 'previous':
        return away < 0 && away >= -count;
      case 'next':
        return away > 0 && away <= count;
      case 'thisAndPrevious':
        return away <= 0 && away >= -count;
      case 'thisAndNext':
        return away >= 0 && away <= count;
      case 'previousThisAndNext':
        return Math.abs(away) <= count;
      default:
        throw new Error(op);
    }
  }
}

const emptied = { spellings: [], compared: [], shown: [], value: null, display: null, order: null };

const opposites: Record<string, string> = {
  notEquals: 'equals',
  isNotExactly: 'isExactly',
  notStartsWith: 'startsWith',
  notEndsWith: 'endsWith',
  notContains: 'contains',
  noneOf: 'oneOf',
  empty: 'notEmpty',
  ne: 'eq',
};

/** Each of several answers under one name. */
function answer(row: Row, name: string): Has {
  const fields = JSON.parse(String(row['fields'])) as Record<string, string | string[]>;
  const own = Object.hasOwn(fields, name) ? fields[name]! : [];
  const all = Array.isArray(own) ? own : [own];
  const display = all.length === 0 ? null : all.join(', ');
  return {
    as: 'text',
    compared: all.map(latin),
    shown: all,
    fold: latin,
    display,
    order: display === null ? null : Array.from(latin(display)).slice(0, 200).join(''),
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localDay(at: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) formats.set(timeZone, (format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })));
  return format.format(at);
}

/** A number that rises by one with each day, week (from Monday), month, quarter, year. */
function unitIndex(day: string, unit: string): number {
  const [year, month] = day.split('-').map(Number) as [number, number];
  const epochDay = Math.round(Date.parse(`${day}T12:00:00Z`) / 86_400_000 - 0.5);
  switch (unit) {
    case 'day':
      return epochDay;
    case 'week':
      return Math.floor((epochDay + 3) / 7);
    case 'month':
      return year * 12 + month - 1;
    case 'quarter':
      return year * 4 + Math.floor((month - 1) / 3);
    default:
      return year;
  }
}

/** Numbers by size, text by code points. */
function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}
