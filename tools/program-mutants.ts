import { program } from '../src/db/program/program.ts';

/**
 * One small change of a view's or trigger's text that breaks a rule, if any rule depends on it. Mutation testing: where no test
 * of test/db/program fails with it, either a test is missing or the change makes no difference.
 */
export type Mutant = {
  /** The view or trigger. */
  object: string;
  /** What is changed, in words, with the text around it. Unique within the program, and the same while that text stays. */
  change: string;
  /** The CREATE statement with the change. */
  text: string;
};

type Token = { text: string; start: number; end: number; depth: number };
/** Replaces the text from `start` to `end`. */
type Edit = { start: number; end: number; by: string; what: string };

const pattern = /--[^\n]*|\s+|'(?:[^']|'')*'|[\w$]+|->>|->|<>|<=|>=|\|\||<<|>>|./gs;

/** The tokens of a statement without layout and comments. Parentheses and CASE … END are a level deeper. */
function readTokens(sql: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  let cases = 0;
  for (const match of sql.matchAll(pattern)) {
    const [text] = match;
    if (/^\s|^--/.test(text)) continue;
    const isEnd = text === 'END' && cases > 0;
    if (text === ')' || isEnd) depth -= 1;
    tokens.push({ text, start: match.index, end: match.index + text.length, depth });
    if (text === '(' || text === 'CASE') depth += 1;
    if (text === 'CASE') cases += 1;
    if (isEnd) cases -= 1;
  }
  return tokens;
}

/** The place of the first token from `from` on that is at the depth and for which `isIt` holds, or where the level ends. */
function findAt(tokens: Token[], from: number, depth: number, isIt: (token: Token) => boolean): number {
  let place = from;
  while (place < tokens.length) {
    const token = tokens[place]!;
    if (token.depth < depth || (token.depth === depth && isIt(token))) return place;
    place += 1;
  }
  return place;
}

/** The parts of a list between `from` and `to`, which commas at the depth divide: first and last token of each. */
function partsOf(tokens: Token[], from: number, to: number, depth: number): Array<[first: number, last: number]> {
  const parts: Array<[number, number]> = [];
  let first = from;
  for (let place = from; place <= to; place += 1) {
    const isEnd = place === to || (tokens[place]!.depth === depth && tokens[place]!.text === ',');
    if (!isEnd) continue;
    if (place > first) parts.push([first, place - 1]);
    first = place + 1;
  }
  return parts;
}

const opposite: Record<string, string> = {
  AND: 'OR',
  OR: 'AND',
  '=': '<>',
  '<>': '=',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  max: 'min',
  min: 'max',
  ASC: 'DESC',
  DESC: 'ASC',
  LEFT: 'INNER',
};
const listEnd = new Set(['FROM', 'WHERE', 'GROUP', 'ORDER', 'LIMIT', 'UNION', 'ON', ';', 'RETURNING', 'BEGIN']);
const endsList = ({ text }: Token) => listEnd.has(text);

/** Every single change of a statement. */
function editsOf(sql: string): Edit[] {
  const tokens = readTokens(sql);
  const edits: Edit[] = [];
  const is = (place: number, text: string) => tokens[place]?.text === text;
  const textOf = (first: number, last: number) => sql.slice(tokens[first]!.start, tokens[last]!.end);
  const add = (first: number, last: number, by: string, what: string) =>
    edits.push({ start: tokens[first]!.start, end: tokens[last]!.end, by, what });
  /** A part of a list goes, with one of its commas. */
  const dropPart = ([first, last]: [number, number], isFirst: boolean, what: string) =>
    add(isFirst ? first : first - 1, isFirst ? last + 1 : last, '', what);
  const assigned = new Set<number>();

  const dropAssignments = (set: number) => {
    const { depth } = tokens[set]!;
    const parts = partsOf(tokens, set + 1, findAt(tokens, set + 1, depth, endsList), depth);
    for (const [place, part] of parts.entries()) {
      const [first, last] = part;
      assigned.add(first + 1);
      const name = tokens[first]!.text;
      if (parts.length > 1) dropPart(part, place === 0, `leave out ${name} =`);
      else add(first + 2, last, name, `leave out ${name} =`);
    }
  };
  /** A value of a SELECT list, or of VALUES, becomes NULL. A column of a SELECT keeps its name. */
  const dropValues = (from: number, depth: number, isSelect: boolean) => {
    for (const [first, last] of partsOf(tokens, from, findAt(tokens, from, depth, endsList), depth)) {
      const hasName = last - first > 1 && is(last - 1, 'AS');
      const end = hasName ? last - 2 : last;
      if (is(end, '*') || textOf(first, end) === 'NULL' || textOf(first, end) === '1') continue;
      const isColumn = !hasName && /^[a-z]\w*$/.test(tokens[last]!.text) && (first === last || is(last - 1, '.'));
      add(first, end, isSelect && isColumn ? `NULL AS ${tokens[last]!.text}` : 'NULL', 'NULL instead of');
    }
  };
  const changeArguments = (call: number) => {
    const depth = tokens[call + 1]!.depth + 1;
    const close = findAt(tokens, call + 2, depth, () => false);
    const parts = partsOf(tokens, call + 2, close, depth);
    if (is(call, 'iif')) {
      for (const [place, what] of [
        [1, 'always the first of'],
        [2, 'always the second of'],
      ] as const)
        add(call, close, `(${textOf(...parts[place]!)})`, what);
      return;
    }
    for (const place of parts.keys()) {
      const kept = parts.filter((_, other) => other !== place).map((part) => textOf(...part));
      const by = kept.length === 1 ? `(${kept[0]})` : `${tokens[call]!.text}(${kept.join(', ')})`;
      add(call, close, by, `without argument ${place + 1} of`);
    }
  };
  const changeOrder = (order: number) => {
    const { depth } = tokens[order]!;
    const end = findAt(tokens, order + 2, depth, (token) => endsList(token) || token.text === ')');
    const parts = partsOf(tokens, order + 2, end, depth);
    for (const [place, part] of parts.entries()) {
      const [first, last] = part;
      if (!/^(ASC|DESC)$/.test(tokens[last]!.text)) add(last, last, `${tokens[last]!.text} DESC`, 'descending');
      if (parts.length > 1) dropPart(part, place === 0, 'not in order of');
      else add(order, last, '', `not in order of ${textOf(first, last)}:`);
    }
  };
  const changeCase = (start: number) => {
    const depth = tokens[start]!.depth + 1;
    const isBranch = ({ text }: Token) => text === 'WHEN' || text === 'ELSE' || text === 'END';
    const branches: Array<[number, number]> = [];
    let place = findAt(tokens, start + 1, depth, isBranch);
    while (tokens[place] && tokens[place]!.depth === depth) {
      const next = findAt(tokens, place + 1, depth, isBranch);
      branches.push([place, next - 1]);
      place = next;
    }
    for (const [first, last] of branches) {
      const isOnly = is(first, 'WHEN') && branches.filter(([branch]) => is(branch, 'WHEN')).length === 1;
      if (!isOnly) add(first, last, '', 'without branch');
    }
  };
  const dropStatement = (first: number) => {
    if (!is(first - 1, 'BEGIN') && !is(first - 1, ';')) return;
    const end = findAt(tokens, first, 0, ({ text }) => text === ';');
    // A trigger needs one statement at least.
    add(first, end - 1, 'SELECT 1', 'without statement');
  };

  for (const [place, { text, depth }] of tokens.entries()) {
    const next = tokens[place + 1]?.text;
    const previous = tokens[place - 1]?.text;
    if (text === 'SET') dropAssignments(place);
    if (text === 'SELECT') dropValues(next === 'DISTINCT' ? place + 2 : place + 1, depth, true);
    if (text === 'VALUES') dropValues(place + 2, depth + 1, false);
    if (text === 'DISTINCT') add(place, place, '', 'without DISTINCT');
    if ((text === 'coalesce' || text === 'iif') && next === '(') changeArguments(place);
    if (text === 'CASE') changeCase(place);
    if (text === 'ORDER') changeOrder(place);
    if (text === 'LIMIT') {
      add(place, place + 1, '', 'without LIMIT');
      if (next !== '1') add(place + 1, place + 1, '1', 'one instead of LIMIT');
    }
    if (text === 'UNION') {
      if (next === 'ALL') add(place, place + 1, 'UNION', 'UNION instead of');
      else add(place, place, 'UNION ALL', 'UNION ALL instead of');
    }
    if (text === 'WHEN' && depth === 0) {
      add(place, findAt(tokens, place, 0, (token) => token.text === 'BEGIN') - 1, '', 'without WHEN');
    }
    if (text === 'ON' && next === 'CONFLICT') {
      const end = findAt(tokens, place, depth, (token) => token.text === ';');
      if (is(place + 3, 'NOTHING')) add(place, end - 1, '', 'without');
      else add(place, end - 1, 'ON CONFLICT DO NOTHING', 'DO NOTHING instead of');
    }
    if (text === 'EXISTS') {
      if (previous === 'NOT') add(place - 1, place, 'EXISTS', 'EXISTS instead of');
      else add(place, place, 'NOT EXISTS', 'NOT EXISTS instead of');
    }
    if (text === 'IS') {
      if (next === 'NOT') add(place, place + 1, 'IS', 'IS instead of');
      else add(place, place, 'IS NOT', 'IS NOT instead of');
    }
    if (text === 'IN' && next === '(') add(place, place, 'NOT IN', 'NOT IN instead of');
    if (text === '-') {
      const isUnary = !previous || /^(,|\(|SELECT|THEN|ELSE|\*)$/.test(previous);
      add(place, place, isUnary ? '' : '+', isUnary ? 'without' : '+ instead of');
    }
    if (/^(INSERT|UPDATE|DELETE)$/.test(text) && depth === 0) dropStatement(place);
    const by = opposite[text];
    const isJoin = text === 'LEFT' && next !== 'JOIN';
    if (by && !isJoin && !(text === '=' && assigned.has(place))) add(place, place, by, `${by} instead of`);
  }
  return edits;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
const shortened = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/** A change in words: what it is, the text it changes, and some of what stands before and behind. */
function describe(sql: string, { start, end, what }: Edit): string {
  const before = oneLine(sql.slice(Math.max(0, start - 60), start)).slice(-32);
  const changed = shortened(oneLine(sql.slice(start, end)), 48);
  const after = oneLine(sql.slice(end, end + 60)).slice(0, 24);
  return `${what} \`${`${before} ⟦${changed}⟧ ${after}`.replaceAll('|', '¦').replaceAll('`', "'")}\``;
}

/** Every mutant of the program. @param only parts of the names of the objects wanted, with commas between them. */
export function programMutants({ only = '' }: { only?: string } = {}): Mutant[] {
  const seen = new Map<string, number>();
  const parts = only.split(',');
  return program
    .filter(({ name }) => parts.some((part) => name.includes(part)))
    .flatMap(({ name, text }) =>
      editsOf(text).map((edit) => {
        const described = describe(text, edit);
        const count = (seen.get(`${name} ${described}`) ?? 0) + 1;
        seen.set(`${name} ${described}`, count);
        return {
          object: name,
          change: count === 1 ? described : `${described} (${count})`,
          text: text.slice(0, edit.start) + edit.by + text.slice(edit.end),
        };
      }),
    );
}
