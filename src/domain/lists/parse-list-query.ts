import { invalidInput, KildeError } from '../errors.ts';
import type { InputError } from '../errors.ts';
import { isPeriodWord, unknownPeriod } from '../reports/relative-period.ts';
import { refuseCostly } from '../segments/cost.ts';
import { parseCriteria } from '../segments/criteria.ts';
import type { FieldCondition } from '../segments/criteria.ts';
import { isDay } from '../segments/days.ts';
import { operandOf, operators } from '../segments/fields.ts';
import type { FieldType, Operator } from '../segments/fields.ts';
import { maxColumns, maxSortKeys } from '../segments/query.ts';
import type { SortKey } from '../segments/query.ts';
import { isTimeZone } from '../time-zone.ts';
import { unknownName } from '../unknown-name.ts';
import type { When } from '../when.ts';
import { listFormats } from './list-info.ts';
import type { ListFieldInfo, ListInfo, ListParameters, ListQuery } from './list-info.ts';

export const maxPageSize = 1_000;
export const defaultPageSize = 50;
const maxFilters = 200;
const maxCursorLength = 16_000;

/** The parameters of every list beside its fields. */
export const listParameters = [
  'from',
  'to',
  'period',
  'timeZone',
  'sort',
  'limit',
  'cursor',
  'count',
  'columns',
  'format',
  'heads',
  'language',
] as const;
type ListParameter = (typeof listParameters)[number];
/** Parameters of a list whose records have a time. */
const timeParameters = new Set<ListParameter>(['from', 'to', 'period']);

const isListParameter = (name: string): name is ListParameter => (listParameters as readonly string[]).includes(name);

/**
 * Reads the query string of a list: `leadStatus=Open&createdAt[after]=2026-01-01&sort=-createdAt,email&limit=10`.
 * All mistakes are named at once.
 * @throws KildeError `invalid_input`, or `too_expensive` where the filters ask for more work than one query may.
 */
export function parseListQuery(parameters: ListParameters, list: ListInfo): ListQuery {
  return new ListQueryParser(list).read(parameters);
}

class ListQueryParser {
  readonly #errors: InputError[] = [];
  readonly #list: ListInfo;
  readonly #query: ListQuery;

  constructor(list: ListInfo) {
    this.#list = list;
    this.#query = {
      filters: [],
      from: null,
      to: null,
      period: null,
      site: null,
      timeZone: null,
      sort: list.sort,
      limit: null,
      cursor: null,
      count: false,
      columns: null,
      format: 'json',
      heads: 'names',
      language: 'en',
    };
  }

  read(parameters: ListParameters): ListQuery {
    const query = this.#query;
    const seen = new Set<string>();
    for (const [name, value] of parameters) {
      const location = `query.${name.slice(0, 100)}`;
      if (seen.has(name)) this.#refuse(location, `'${name.slice(0, 100)}' is given twice. Send it once.`);
      else if (isListParameter(name) && (this.#list.parameters ?? [name]).includes(name)) this.#readOwn(name, value);
      else this.#readFilter(name, value);
      seen.add(name);
      if (seen.size > maxFilters)
        throw invalidInput([{ location: 'query', message: `must have at most ${maxFilters}` }]);
    }
    this.#checkTogether(seen);
    if (this.#errors.length > 0) throw invalidInput(this.#errors);
    const all = query.filters.map(({ location: _location, ...condition }) => condition);
    refuseCostly({ all }, { entity: 'selection', location: 'query' });
    const named = new Set(query.filters.map(({ field }) => field));
    for (const { unless, condition } of this.#list.defaults ?? []) {
      if (!unless.some((field) => named.has(field))) query.filters.push({ ...condition, location: 'query' });
    }
    return query;
  }

  #readOwn(name: ListParameter, value: string): void {
    const query = this.#query;
    const location = `query.${name}`;
    switch (name) {
      case 'from':
      case 'to':
        query[name] = this.#readWhen(name, value);
        return;
      case 'period':
        query.period = this.#readPeriod(value);
        return;
      case 'timeZone':
        if (isTimeZone(value)) query.timeZone = value;
        else this.#refuse(location, 'must be an IANA time zone such as Europe/Oslo');
        return;
      case 'sort':
        query.sort = this.#readSort(value);
        return;
      case 'columns':
        query.columns = this.#readColumns(value);
        return;
      case 'limit':
        query.limit = /^[1-9]\d{0,3}$/.test(value) ? Number(value) : 0;
        if (query.limit < 1 || query.limit > maxPageSize)
          this.#refuse(location, `must be a whole number from 1 to ${maxPageSize}`);
        return;
      case 'cursor':
        query.cursor = value === '' ? null : value;
        if (value.length > maxCursorLength)
          this.#refuse(location, 'This cursor does not belong to this list. Send nextCursor of the page before.');
        return;
      case 'count':
        query.count = this.#oneOf(location, value, ['true', 'false'], this.#fieldHint('count')) === 'true';
        return;
      case 'format':
        query.format = this.#oneOf(location, value, listFormats);
        return;
      case 'heads':
        query.heads = this.#oneOf(location, value, ['names', 'labels']);
        return;
      case 'language':
        query.language = this.#oneOf(location, value, ['en', 'no']);
    }
  }

  #checkTogether(seen: ReadonlySet<string>): void {
    const { format, from, to } = this.#query;
    if (format !== 'json') {
      for (const name of ['cursor', 'count'] as const) {
        if (this.#query[name])
          this.#refuse(`query.${name}`, `${format} gives the whole list: it has no pages and no count.`);
      }
    }
    if (seen.has('period') && (seen.has('from') || seen.has('to'))) {
      this.#refuse('query.period', 'stands in the place of from and to. Send either period, or from and to.');
    }
    // Where a field has the name of a parameter, one that changes nothing is meant as a filter.
    const [ofLanguage, ofZone] = [this.#fieldHint('language'), this.#fieldHint('timeZone')];
    if (ofLanguage && seen.has('language') && this.#query.heads === 'names') {
      this.#refuse('query.language', `is the language of heads=labels${ofLanguage}`);
    }
    const { filters, period } = this.#query;
    const namesDay = from || to || period || filters.some((one) => this.#list.findField(one.field)?.type === 'date');
    if (ofZone && seen.has('timeZone') && !namesDay) {
      this.#refuse('query.timeZone', `is the zone of days, and no day is asked for${ofZone}`);
    }
    if (format !== 'csv' && seen.has('heads')) this.#refuse('query.heads', 'is for format=csv');
    if (from && to && 'day' in from && 'day' in to && from.day > to.day) {
      this.#refuse('query.to', `${to.day} lies before from, ${from.day}.`);
    }
  }

  #readWhen(name: 'from' | 'to', text: string): When | null {
    const { moment } = this.#list;
    const field = moment === null ? undefined : this.#list.findField(moment);
    if (!field) {
      this.#refuseName(`query.${name}`, 'parameter', name);
      return null;
    }
    if (isDay(text)) return { day: text };
    const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
      ? Date.parse(text)
      : Number.NaN;
    if (!field.isDay && !Number.isNaN(at) && isDay(text.slice(0, 10))) return { at };
    const asTime = field.isDay ? '' : ', or a time such as 2026-09-01T10:00:00Z';
    this.#refuse(`query.${name}`, `must be a day such as 2026-09-01${asTime}`);
    return null;
  }

  #readPeriod(word: string): string | null {
    const location = 'query.period';
    if (this.#list.moment === null) this.#refuseName(location, 'parameter', 'period');
    else if (!isPeriodWord(word)) {
      this.#errors.push(unknownPeriod(word, location));
    }
    return word;
  }

  #readSort(text: string): readonly SortKey[] {
    const location = 'query.sort';
    const keys = splitNames(text).map((key): SortKey =>
      key.startsWith('-') ? { field: key.slice(1), direction: 'desc' } : { field: key, direction: 'asc' },
    );
    if (keys.length > maxSortKeys) this.#refuse(location, `must name at most ${maxSortKeys} fields`);
    for (const [index, { field: name }] of keys.entries()) {
      const field = this.#list.findField(name);
      if (!field?.sortable) {
        const sortable = this.#list.fields.filter((one) => one.sortable).map((one) => one.name);
        const owner = `${this.#title()} can be sorted by`;
        this.#errors.push(
          field
            ? {
                location,
                message: `A list cannot be sorted by '${name}'. ${owner}: ${sortable.slice(0, 20).join(', ')}.`,
              }
            : unknownName({ location, what: 'field', name, owner, known: sortable }),
        );
      } else if (keys.findIndex((one) => one.field === name) < index) {
        this.#refuse(location, `names '${name}' twice`);
      }
    }
    return keys;
  }

  #readColumns(text: string): readonly string[] {
    const names = splitNames(text);
    if (names.length > maxColumns) this.#refuse('query.columns', `must name at most ${maxColumns} fields`);
    for (const name of names) {
      const field = this.#list.findField(name);
      if (!field || field.isConditionOnly) this.#refuseName('query.columns', 'field', name);
    }
    return [...new Set(names)];
  }

  #readFilter(parameter: string, text: string): void {
    const location = `query.${parameter.slice(0, 100)}`;
    const [, name = '', given] = /^(.*?)(?:\[(\w*)\])?$/s.exec(parameter)!;
    const field = this.#list.findField(name);
    if (!field?.filterable) return this.#refuseName(location, given === undefined ? 'parameter' : 'field', name);
    const op = operators.find((one) => one === (given ?? plainOperator(field)));
    if (op === undefined || !field.operators.includes(op)) {
      this.#errors.push(
        unknownName({ location, what: 'operator', name: given ?? '', owner: `'${name}' has`, known: field.operators }),
      );
      return;
    }
    const value = readValue({ text, type: field.type, op });
    if (field.isDay && JSON.stringify(value ?? '').includes('T')) {
      return this.#refuse(location, 'must be a day such as 2026-09-01');
    }
    try {
      const condition = value === undefined ? { field: name, op } : { field: name, op, value };
      const read = parseCriteria(condition, { entity: 'selection', findField: () => field, location });
      this.#query.filters.push({ ...(read as FieldCondition), location });
      if (name === 'site' && op === 'equals') this.#query.site = text;
    } catch (error) {
      if (!(error instanceof KildeError) || error.code !== 'invalid_input') throw error;
      for (const one of error.errors) this.#refuse(location, one.message);
    }
  }

  /** How the field that has the name of a parameter is filtered; empty where there is none. */
  #fieldHint(name: ListParameter): string {
    const field = this.#list.findField(name);
    return field ? `. The field '${name}' is filtered by ${name}[${plainOperator(field)}]` : '';
  }

  #oneOf<const T extends string>(location: string, value: string, known: readonly T[], hint = ''): T {
    const found = known.find((one) => one === value);
    if (found === undefined) this.#refuse(location, `must be one of ${known.join(', ')}${hint}`);
    return found ?? known[0]!;
  }

  #refuseName(location: string, what: 'field' | 'parameter', name: string): void {
    const { fields, moment, parameters } = this.#list;
    const own = parameters ?? listParameters.filter((one) => moment !== null || !timeParameters.has(one));
    const known: string[] = fields.filter((one) => what === 'field' || one.filterable).map((one) => one.name);
    if (what === 'parameter') known.push(...own);
    this.#errors.push(unknownName({ location, what, name, owner: `${this.#title()} have`, known }));
  }

  #title(): string {
    const { name } = this.#list;
    return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
  }

  #refuse(location: string, message: string): void {
    this.#errors.push({ location, message });
  }
}

/** Names between commas; one answer's name may hold anything else. */
const splitNames = (text: string): string[] => text.split(',').map((one) => one.trim());

/** What `field=value` asks of a field of each type. */
const plainOperators: Record<FieldType, Operator> = {
  text: 'equals',
  list: 'equals',
  reference: 'equals',
  boolean: 'equals',
  number: 'eq',
  date: 'on',
};

/** The first where the usual one is not among the field's: `selection=7` is `selection[inSelection]=7`. */
function plainOperator({ type, operators: known }: ListFieldInfo): Operator | undefined {
  const usual = plainOperators[type];
  return known.includes(usual) ? usual : known[0];
}

/** A parameter's text as its operator takes it: lists part at commas, `month` or `month:3` is a unit with its count. */
function readValue({ text, type, op }: { text: string; type: FieldType; op: Operator }): unknown {
  switch (operandOf[op]) {
    case 'none':
      return text === '' || text === 'true' ? undefined : text;
    case 'list':
      return text.split(',').map((one) => one.trim());
    case 'pair':
      return text.split(',').map((one) => (type === 'number' ? readNumber(one) : one.trim()));
    case 'days':
      return { unit: 'day', count: readNumber(text) };
    case 'units': {
      const [unit, count] = text.split(':');
      return count === undefined ? { unit } : { unit, count: readNumber(count) };
    }
    case 'one':
      if (type === 'number') return readNumber(text);
      if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
      return text;
  }
}

/** A number, or the text where it is none, which is refused as no number. */
function readNumber(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
