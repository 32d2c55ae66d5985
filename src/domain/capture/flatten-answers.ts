import type { targetOfField } from '../people/field-names.ts';

/** Deeper than any form tool nests its answers; what lies below is kept as JSON text. */
const maxDepth = 12;

/** What a form tool calls the answer itself, and what it calls the question. The first that is there counts. */
const valueKeys = ['value', 'answer', 'values', 'answers', 'response', 'raw_value', 'string_value', 'text'];
const nameKeys = [
  'label',
  'title',
  'question',
  'text',
  'name',
  'key',
  'fieldName',
  'field',
  'slug',
  'ref',
  'column_id',
  'id',
];

type Json = Record<string, unknown>;
/** Handed in, so that this module is loaded alone. */
type TargetOf = typeof targetOfField;
type Entries = Array<[name: string, value: string]>;

/**
 * The answers in a JSON body, each by its path: `{ data: { email } }` gives `data.email`. Lists of questions with their answers, as form tools
 * send them, give the answer by the question: `{ fields: [{ label: 'E-post', value: 'a@b.no' }] }` gives `fields.E-post`. Other lists of
 * objects are one answer, as JSON text.
 */
export function flattenAnswers(body: unknown, targetOf: TargetOf): Entries {
  const entries: Entries = [];
  flatten({ value: body, path: '', depth: 0, titles: titlesOf(body), targetOf, entries });
  return entries;
}

/** The answers of bodies such as `fields[email][title]=E-post&fields[email][value]=a@b.no`. */
export function flattenBrackets(fields: Iterable<[string, string]>, targetOf: TargetOf): Entries {
  const tree: Json = Object.create(null);
  for (const [name, value] of fields) {
    const keys = name
      .split(/\[|\]\[?/u)
      .filter((key, place) => key !== '' || place === 0)
      .slice(0, maxDepth);
    let node = tree;
    for (const key of keys.slice(0, -1)) {
      const next = node[key];
      if (isObject(next)) node = next;
      else node = node[key] = Object.assign(Object.create(null), next === undefined ? {} : { value: next }) as Json;
    }
    const [last, before] = [keys.at(-1)!, node[keys.at(-1)!]];
    if (isObject(before)) before['value'] = value;
    else node[last] = before === undefined ? value : [before, value].flat();
  }
  return flattenAnswers(tree, targetOf);
}

type Node = {
  value: unknown;
  path: string;
  depth: number;
  titles: Map<string, string>;
  targetOf: TargetOf;
  entries: Entries;
};

function flatten(node: Node): void {
  const { value, path, depth, entries } = node;
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') {
    entries.push([path, `${value as string | number | boolean}`]);
  } else if (depth > maxDepth) {
    entries.push([path, JSON.stringify(value)]);
  } else if (Array.isArray(value)) {
    flattenList(node, value);
  } else {
    for (const [key, child] of Object.entries(value)) {
      const at = { ...node, value: child, path: join(path, key), depth: depth + 1 };
      const isAnswer = isObject(child) && ('value' in child || 'answer' in child) && nameOf(child, node) !== null;
      if (isAnswer) flattenAnswer({ ...at, path }, child, key);
      else if (key === 'value' && typeof child !== 'object') flatten({ ...at, path: path || key });
      else flatten(at);
    }
  }
}

function flattenList(node: Node, list: unknown[]): void {
  const { path, depth, entries } = node;
  const objects = list.filter(isObject);
  const isAnswers = objects.some((one) => valueOf(one) !== undefined && nameOf(one, node) !== null);
  const holdsAddress = objects.some((one) => Object.keys(one).some((key) => node.targetOf(key)?.target === 'email'));
  if (objects.length > 0 && !isAnswers && !holdsAddress) {
    entries.push([path, JSON.stringify(list)]);
    return;
  }
  for (const [place, value] of list.entries()) {
    const at = { ...node, value, depth: depth + 1 };
    if (isAnswers && isObject(value)) flattenAnswer(at, value, String(place));
    else flatten(typeof value === 'object' ? { ...at, path: join(path, String(place)) } : at);
  }
}

/** One question with its answer. Options that are chosen by id are named by their text. */
function flattenAnswer(node: Node, answer: Json, key: string): void {
  const value = valueOf(answer);
  if (value === undefined) return;
  const name = nameOf(answer, node) ?? key;
  const kind = node.targetOf(name) === null ? kindOf(answer) : '';
  const options = new Map(
    (Array.isArray(answer['options']) ? answer['options'] : [])
      .filter(isObject)
      .map((option) => [String(option['id']), textOf(option)]),
  );
  const path = join(node.path, name) + kind;
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
    const chosen = options.get(String(one)) ?? (isObject(one) ? (textOf(one) ?? one) : one);
    flatten({ ...node, path, value: chosen, depth: node.depth + 1 });
  }
}

/** What a question without a telling name asks for, by its type, so that `answer[email]` is found. */
function kindOf({ type }: Json): string {
  if (typeof type !== 'string') return '';
  if (/mail/iu.test(type)) return '[email]';
  return /phone|\btel/iu.test(type) ? '[phone]' : '';
}

function valueOf(answer: Json): unknown {
  const key = valueKeys.find(
    (one) => answer[one] !== undefined && answer[one] !== null && !(one === 'text' && !('type' in answer)),
  );
  const type = answer['type'];
  // Typeform puts the answer under the name of its type.
  return typeof type === 'string' && type in answer && type !== 'type' ? answer[type] : key && answer[key];
}

/** What the question is called: the name that says most, else the first. */
function nameOf(answer: Json, { titles, targetOf }: Pick<Node, 'titles' | 'targetOf'>): string | null {
  const names: string[] = [];
  for (const key of nameKeys) {
    const name = answer[key];
    if (key === 'text' && !('answer' in answer || 'value' in answer)) continue;
    if (isObject(name)) {
      const title = titles.get(String(name['id']));
      if (title !== undefined) names.push(title);
      names.push(
        ...['label', 'title', 'text', 'name', 'ref', 'id']
          .map((one) => name[one])
          .filter(isName)
          .map(String),
      );
    } else if (isName(name)) names.push(String(name));
  }
  return names.find((name) => targetOf(name) !== null) ?? names[0] ?? null;
}

/** The text of an option, or of several (`{ labels: [...] }`). */
function textOf(option: Json): string | null {
  const labels = option['labels'];
  if (Array.isArray(labels)) return labels.join(', ');
  const text = ['label', 'text', 'title'].map((key) => option[key]).find(isName);
  return text === undefined ? null : String(text);
}

/** Questions by id, where the body holds the form's definition beside the answers. */
function titlesOf(body: unknown): Map<string, string> {
  const titles = new Map<string, string>();
  const visit = (value: unknown, depth: number): void => {
    if (!isObject(value) || depth > 3) return;
    const definition = value['definition'];
    const questions = isObject(definition) ? definition['fields'] : undefined;
    for (const one of Array.isArray(questions) ? questions : [])
      if (isObject(one) && isName(one['title'])) titles.set(String(one['id']), String(one['title']));
    for (const child of Object.values(value)) visit(child, depth + 1);
  };
  visit(body, 0);
  return titles;
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function isName(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
