/** One statement of an SQL text, with what has to be known about it before it runs. */
export type SqlStatement = {
  /** The statement alone, without its semicolon. */
  text: string;
  /** Lower-case keyword that decides what it does: `select`, `insert`, `create`. Behind `WITH` the one of its body. */
  verb: string;
  isExplain: boolean;
  /** INSERT, REPLACE, UPDATE or DELETE: the only ones with an affected row count. */
  isChange: boolean;
  isInsert: boolean;
  /** True unless it may write; for PRAGMA a guess from the text. */
  isReadonly: boolean;
  isSchemaChange: boolean;
  /** It alters the connection itself (PRAGMA, ATTACH, TEMP), so the connection must not serve another stream. */
  changesConnection: boolean;
  /** One entry for each parameter index from 1; the name with its sign, or null for `?`. */
  parameters: (string | null)[];
};

const bodyVerbs = new Set(['select', 'values', 'insert', 'replace', 'update', 'delete']);
const readVerbs = new Set(['select', 'values', 'begin', 'commit', 'end', 'rollback', 'savepoint', 'release']);
const schemaVerbs = new Set(['create', 'drop', 'alter', 'attach', 'detach']);
const connectionVerbs = new Set(['pragma', 'attach', 'detach']);

/**
 * Splits an SQL text into its statements; comments and empty statements are none.
 *
 * The library prepares the first statement and ignores the rest without a word, and does not tell which parameters
 * a statement has. So the text is read here, by the token rules of SQLite's tokenize.c and complete.c.
 */
export function splitSql(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let reading = startStatement();
  let at = 0;

  const finish = (end: number): void => {
    if (reading.start >= 0) statements.push(finishStatement(sql.slice(reading.start, end).trimEnd(), reading));
    reading = startStatement();
  };

  while (at < sql.length) {
    const code = sql.charCodeAt(at);
    const end = skipBlank(sql, at, code);
    if (end > at) {
      at = end;
      continue;
    }
    if (code === 59 /* ; */) {
      if (reading.start >= 0 && reading.isTrigger && !endsTrigger(reading)) {
        noteToken(reading, ';');
        at += 1;
        continue;
      }
      finish(at);
      at += 1;
      continue;
    }
    if (reading.start < 0) reading.start = at;
    at = readToken(sql, at, code, reading);
  }
  finish(sql.length);
  return statements;
}

type Reading = {
  start: number;
  words: string[];
  bodyVerb: string | undefined;
  depth: number;
  isTrigger: boolean;
  assigns: boolean;
  last: string;
  beforeLast: string;
  parameters: (string | null)[];
};

function startStatement(): Reading {
  return {
    start: -1,
    words: [],
    bodyVerb: undefined,
    depth: 0,
    isTrigger: false,
    assigns: false,
    last: '',
    beforeLast: '',
    parameters: [],
  };
}

function noteToken(reading: Reading, token: string): void {
  reading.beforeLast = reading.last;
  reading.last = token;
}

// The body of a trigger holds semicolons of its own; only `; END ;` closes it.
function endsTrigger(reading: Reading): boolean {
  return reading.last === 'end' && reading.beforeLast === ';';
}

function skipBlank(sql: string, at: number, code: number): number {
  if (code === 32 || (code >= 9 && code <= 13) || code === 0xfeff) return at + 1;
  if (code === 45 /* - */ && sql.charCodeAt(at + 1) === 45) {
    const newline = sql.indexOf('\n', at);
    return newline < 0 ? sql.length : newline + 1;
  }
  if (code === 47 /* / */ && sql.charCodeAt(at + 1) === 42) {
    const close = sql.indexOf('*/', at + 2);
    return close < 0 ? sql.length : close + 2;
  }
  return at;
}

function readToken(sql: string, at: number, code: number, reading: Reading): number {
  if (code === 39 || code === 34 || code === 96 /* ' " ` */) {
    noteToken(reading, '"');
    return skipQuoted(sql, at, sql.charAt(at));
  }
  if (code === 91 /* [ */) {
    noteToken(reading, '"');
    const close = sql.indexOf(']', at);
    return close < 0 ? sql.length : close + 1;
  }
  if (code === 63 /* ? */) {
    const end = skipWhile(sql, at + 1, isDigit);
    noteToken(reading, '?');
    addParameter(reading.parameters, sql.slice(at, end));
    return end;
  }
  if (code === 58 || code === 64 || code === 36 || code === 35 /* : @ $ # */) {
    const end = skipVariable(sql, at + 1);
    noteToken(reading, '?');
    if (end > at + 1) addParameter(reading.parameters, sql.slice(at, end));
    return end;
  }
  if (isDigit(code)) {
    noteToken(reading, '0');
    return skipWhile(sql, at + 1, isIdentifier);
  }
  if (isIdentifier(code)) {
    const end = skipWhile(sql, at + 1, isIdentifier);
    noteWord(reading, sql.slice(at, end).toLowerCase());
    return end;
  }
  if (code === 40 /* ( */) reading.depth += 1;
  else if (code === 41 /* ) */) reading.depth -= 1;
  else if (code === 61 /* = */) reading.assigns = true;
  noteToken(reading, '+');
  return at + 1;
}

function noteWord(reading: Reading, word: string): void {
  noteToken(reading, word);
  if (reading.words.length < 8) {
    reading.words.push(word);
    const [create, first, second] = skipExplain(reading.words);
    reading.isTrigger = create === 'create' && (first === 'trigger' || (isTemporary(first) && second === 'trigger'));
  }
  if (reading.bodyVerb === undefined && reading.depth === 0 && bodyVerbs.has(word)) reading.bodyVerb = word;
}

function skipExplain(words: string[]): string[] {
  if (words[0] !== 'explain') return words;
  return words[1] === 'query' ? words.slice(3) : words.slice(1);
}

function isTemporary(word: string | undefined): boolean {
  return word === 'temp' || word === 'temporary';
}

function finishStatement(text: string, reading: Reading): SqlStatement {
  const words = skipExplain(reading.words);
  const first = words[0] ?? '';
  const verb = first === 'with' ? (reading.bodyVerb ?? first) : first;
  const isExplain = reading.words[0] === 'explain';
  const isInsert = !isExplain && (verb === 'insert' || verb === 'replace');
  return {
    text,
    verb,
    isExplain,
    isInsert,
    isChange: isInsert || (!isExplain && (verb === 'update' || verb === 'delete')),
    isReadonly:
      isExplain ||
      (readVerbs.has(verb) &&
        !(verb === 'begin' && words[1] !== undefined && words[1] !== 'deferred' && words[1] !== 'transaction')) ||
      (verb === 'pragma' && !reading.assigns),
    isSchemaChange: !isExplain && schemaVerbs.has(verb),
    changesConnection: !isExplain && (connectionVerbs.has(verb) || (verb === 'create' && isTemporary(words[1]))),
    parameters: reading.parameters,
  };
}

function addParameter(parameters: (string | null)[], token: string): void {
  if (token === '?') {
    parameters.push(null);
    return;
  }
  if (token.startsWith('?')) {
    const index = Number(token.slice(1));
    // SQLite itself refuses numbers above 32766; do not grow the list for a statement it will not accept.
    if (index < 1 || index > 32_766) return;
    while (parameters.length < index) parameters.push(null);
    parameters[index - 1] = token;
    return;
  }
  if (!parameters.includes(token)) parameters.push(token);
}

function skipQuoted(sql: string, at: number, quote: string): number {
  let close = sql.indexOf(quote, at + 1);
  while (close >= 0 && sql.charAt(close + 1) === quote) close = sql.indexOf(quote, close + 2);
  return close < 0 ? sql.length : close + 1;
}

// A variable may go on with `::` and end with a parenthesis, as Tcl writes them.
function skipVariable(sql: string, from: number): number {
  let at = from;
  for (;;) {
    const code = sql.charCodeAt(at);
    if (isIdentifier(code)) at += 1;
    else if (code === 58 && sql.charCodeAt(at + 1) === 58 && at > from) at += 2;
    else if (code === 40 && at > from) {
      const close = sql.indexOf(')', at);
      return close < 0 ? at : close + 1;
    } else return at;
  }
}

function skipWhile(sql: string, from: number, accepts: (code: number) => boolean): number {
  let at = from;
  while (at < sql.length && accepts(sql.charCodeAt(at))) at += 1;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isIdentifier(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    isDigit(code) ||
    code === 95 ||
    code === 36 ||
    code >= 128
  );
}
