import { createContext, useContext, useRef, useState } from 'react';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../format.ts';
import { Icon } from '../icon.tsx';
import {
  addTo,
  conditionsOf,
  emptyValue,
  isAll,
  isGroup,
  isHas,
  isNot,
  locationOf,
  newCriterion,
  replaceAt,
} from './criteria.ts';
import type { All, Any, Condition, Criterion, Has, Path } from './criteria.ts';
import { FieldPicker } from './field-picker.tsx';
import { focusOperator, focusValue } from './focus-line.ts';
import { fieldsOf } from './fields.ts';
import type { Fields } from './fields.ts';
import { ValueInput } from './value-input.tsx';
import { labelOf, operatorName, relationName, sentenceOf } from './words.ts';

type Tree = {
  fields: Fields;
  counts: ReadonlyMap<string, number>;
  refused: ReadonlyMap<string, string>;
  change: (path: Path, next: Condition | null) => void;
  add: (path: Path, added: Condition) => void;
};
const TreeContext = createContext<Tree | null>(null);
function useTree(): Tree {
  return useContext(TreeContext)!;
}

/**
 * Criteria as a tree of lines: all, any or not of these, and related records. Each line shows how many are left after it. On a phone it is a
 * sentence, with a button that opens the lines.
 */
export function FindPanel({
  where,
  entity,
  words,
  fields,
  counts,
  refused,
  aside,
  actions,
  onChange,
  onTyping,
}: {
  where: All | Any;
  entity: string;
  /** "People for whom". */
  words: string;
  fields: Fields;
  /** By place, as `POST /segments/counts` names it. */
  counts: ReadonlyMap<string, number>;
  /** What the API refused, by place. */
  refused: ReadonlyMap<string, string>;
  aside?: ReactNode;
  actions?: ReactNode;
  onChange: (where: All | Any) => void;
  /** A value is half typed, until Enter, a suggestion taken, or another field. */
  onTyping?: (isTyping: boolean) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const tree: Tree = {
    fields,
    counts,
    refused,
    change: (path, next) => onChange(replaceAt(where, path, next)),
    add: (path, added) => onChange(addTo(where, path, added)),
  };
  const isEmpty = conditionsOf(where).length === 0;
  return (
    <section className="panel" aria-label={m.find_title()}>
      <header>
        <h2>{m.find_title()}</h2>
        {isEmpty ? null : (
          <button type="button" className="btn sm desk" onClick={() => onChange({ all: [] })}>
            {m.find_clear()}
          </button>
        )}
        {actions}
      </header>
      <div className="in phone row nowrap-row">
        <p className="grow small-text">{isEmpty ? m.find_everybody() : sentenceOf(where, fieldsOf(fields, entity))}</p>
        <button type="button" className="btn sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {m.find_change()}
        </button>
      </div>
      <div className={isOpen ? 'in find' : 'in find desk'}>
        <TreeContext value={tree}>
          <div
            className="crit"
            role="group"
            aria-label={m.find_criteria()}
            onInput={(event) => onTyping?.(isHalfTyped(event))}
            onBlur={() => onTyping?.(false)}
            onKeyDown={({ key }) => {
              if (key === 'Enter') onTyping?.(false);
            }}
          >
            <GroupLines group={where} path={[]} entity={entity} words={words} />
          </div>
        </TreeContext>
        {aside === undefined ? null : <aside>{aside}</aside>}
      </div>
    </section>
  );
}

/** A letter in a field of text, and not a suggestion that was taken. */
function isHalfTyped({ target, nativeEvent }: FormEvent): boolean {
  const { inputType } = nativeEvent as Partial<InputEvent>;
  return (
    target instanceof HTMLInputElement &&
    target.dataset['typed'] !== undefined &&
    inputType !== undefined &&
    inputType !== 'insertReplacementText'
  );
}

function GroupLines({ group, path, entity, words }: { group: All | Any; path: Path; entity: string; words?: string }) {
  const { change, add, fields } = useTree();
  const key = isAll(group) ? 'all' : 'any';
  const own = fieldsOf(fields, entity).filter(({ filterable }) => filterable);
  const switchTo = (wanted: string): void => {
    const conditions = conditionsOf(group);
    change(path, wanted === 'all' ? { all: conditions } : { any: conditions });
  };
  return (
    <>
      <div className="c">
        {words === undefined ? null : <span className="soft small">{words}</span>}
        <select
          className="select"
          aria-label={m.find_all_or_any()}
          value={key}
          onChange={({ target }) => switchTo(target.value)}
        >
          <option value="all">{m.find_all()}</option>
          <option value="any">{m.find_any()}</option>
        </select>
        <span className="soft small">{words === undefined ? m.find_of_these() : m.find_of_these_hold()}</span>
        {path.length === 0 ? null : (
          <>
            <Remove path={path} what={m.find_group()} />
            <Left path={path} isBold />
          </>
        )}
      </div>
      <div className="g">
        {conditionsOf(group).map((condition, place) => (
          <Line key={place} condition={condition} path={[...path, key, place]} entity={entity} />
        ))}
        <div className="c">
          <FieldPicker
            fields={own}
            chosen={undefined}
            label={m.find_add_criterion()}
            className="btn quiet sm"
            onChoose={(field) => {
              add(path, newCriterion(field));
              focusOperator(locationOf([...path, key, conditionsOf(group).length]));
            }}
          />
          <button
            type="button"
            className="btn quiet sm"
            onClick={() => add(path, isAll(group) ? { any: [] } : { all: [] })}
          >
            {m.find_add_group()}
          </button>
          <RelationPicker entity={entity} onChoose={(has) => add(path, { has, count: { gte: 1 } })} />
        </div>
      </div>
    </>
  );
}

function RelationPicker({ entity, onChoose }: { entity: string; onChoose: (relation: string) => void }) {
  const { fields } = useTree();
  const relations = fields.relations[entity] ?? [];
  return (
    <select
      className="select quiet"
      aria-label={m.find_add_related()}
      value=""
      onChange={({ target }) => onChoose(target.value)}
    >
      <option value="">{m.find_add_related()}</option>
      {relations.map((relation) => (
        <option key={relation} value={relation}>
          {relationName(relation)}
        </option>
      ))}
    </select>
  );
}

function Line({ condition, path, entity }: { condition: Condition; path: Path; entity: string }) {
  if (isNot(condition)) {
    return (
      <NotLine condition={condition.not} path={path}>
        <Line condition={condition.not} path={[...path, 'not']} entity={entity} />
      </NotLine>
    );
  }
  if (isGroup(condition)) return <GroupLines group={condition} path={path} entity={entity} />;
  if (isHas(condition)) return <HasLine has={condition} path={path} />;
  return <CriterionLine criterion={condition} path={path} entity={entity} />;
}

function NotLine({ path, condition, children }: { path: Path; condition: Condition; children: ReactNode }) {
  const { change } = useTree();
  return (
    <div className="negated">
      <button type="button" className="btn quiet sm" title={m.find_not_off()} onClick={() => change(path, condition)}>
        {m.find_not()}
      </button>
      {children}
    </div>
  );
}

function CriterionLine({ criterion, path, entity }: { criterion: Criterion; path: Path; entity: string }) {
  const { fields, change, refused } = useTree();
  const own = fieldsOf(fields, entity).filter(({ filterable }) => filterable);
  const field = own.find(({ name }) => name === criterion.field);
  const location = locationOf(path);
  const refusal = refused.get(location);
  const isPointed = useRef(false);
  if (field === undefined) {
    return (
      <div className="c">
        <span className="small">{criterion.field}</span>
        <span className="soft small">{m.find_unknown_field()}</span>
        <Remove path={path} what={criterion.field} />
      </div>
    );
  }
  return (
    <div
      className="c"
      data-line={location}
      onKeyDown={(event) => onLineKey(event, () => change(path, { not: criterion }))}
    >
      <FieldPicker
        fields={own}
        chosen={field}
        label={m.find_field()}
        onChoose={(next) => {
          change(path, newCriterion(next));
          focusOperator(location);
        }}
      />
      <select
        className="select"
        aria-label={m.find_operator()}
        data-operator
        value={criterion.op}
        onPointerDown={() => (isPointed.current = true)}
        onKeyDown={(event) => {
          isPointed.current = false;
          if (event.key !== 'Enter') return;
          event.preventDefault();
          focusValue(location);
        }}
        onChange={({ target }) => {
          change(path, withOperator(criterion, target.value));
          // By keys each arrow is a change, and the next one must still come here.
          if (isPointed.current) focusValue(location);
        }}
      >
        {field.operators.map((op) => (
          <option key={op} value={op}>
            {operatorName(op)}
          </option>
        ))}
      </select>
      <ValueInput criterion={criterion} field={field} onChange={(value) => change(path, { ...criterion, value })} />
      <Remove path={path} what={labelOf(field)} />
      <Left path={path} />
      {refusal === undefined ? null : (
        <span className="refusal" role="alert">
          {refusal}
        </span>
      )}
    </div>
  );
}

/** Alt N turns a line into "not". */
function onLineKey(event: KeyboardEvent, negate: () => void): void {
  if (!event.altKey || event.key.toLowerCase() !== 'n') return;
  event.preventDefault();
  negate();
}

/** Another operator keeps the value where it can hold it. */
function withOperator(criterion: Criterion, op: string): Criterion {
  const begin = emptyValue(op);
  const { value } = criterion;
  const isKept =
    'value' in begin && typeof begin.value === typeof value && Array.isArray(begin.value) === Array.isArray(value);
  return { field: criterion.field, op, ...(isKept ? { value } : begin) };
}

function HasLine({ has, path }: { has: Has; path: Path }) {
  const { change } = useTree();
  const [op, count] = Object.entries(has.count ?? { gte: 1 })[0]!;
  const where = has.where === undefined ? { all: [] } : isGroup(has.where) ? has.where : { all: [has.where] };
  return (
    <>
      <div className="c">
        <span className="small soft">{m.find_has()}</span>
        <select
          className="select"
          aria-label={m.find_operator()}
          value={op}
          onChange={({ target }) => change(path, { ...has, count: { [target.value]: count } })}
        >
          <option value="gte">{m.find_at_least()}</option>
          <option value="lte">{m.find_at_most()}</option>
          <option value="eq">{m.find_exactly()}</option>
        </select>
        <input
          className="input few"
          type="number"
          min={0}
          aria-label={m.find_how_many()}
          value={count}
          onChange={({ target }) => change(path, { ...has, count: { [op]: Math.max(0, Number(target.value)) } })}
        />
        <b className="small">{relationName(has.has)}</b>
        <Remove path={path} what={relationName(has.has)} />
        <Left path={path} />
      </div>
      <RelatedLines has={has} where={where} path={path} />
    </>
  );
}

/** What is asked of the related records: a tree of its own, below. */
function RelatedLines({ has, where, path }: { has: Has; where: All | Any; path: Path }) {
  const tree = useTree();
  const inner: Tree = {
    ...tree,
    change: (below, next) => {
      const [, ...rest] = below.slice(path.length);
      tree.change(path, { ...has, where: replaceAt(where, rest, next) });
    },
    add: (below, added) => {
      const [, ...rest] = below.slice(path.length);
      tree.change(path, { ...has, where: addTo(where, rest, added) });
    },
  };
  return (
    <TreeContext value={inner}>
      <div className="g related">
        <span className="small soft">{m.find_where()}</span>
        <GroupLines group={where} path={[...path, 'where']} entity={has.has} />
      </div>
    </TreeContext>
  );
}

function Remove({ path, what }: { path: Path; what: string }) {
  const { change } = useTree();
  return (
    <button
      type="button"
      className="btn quiet sm"
      aria-label={m.find_remove({ what })}
      onClick={() => change(path, null)}
    >
      <Icon shape="close" />
    </button>
  );
}

function Left({ path, isBold = false }: { path: Path; isBold?: boolean }) {
  const { counts } = useTree();
  // What stands in "not" is counted as the line it makes.
  const line = path.at(-1) === 'not' ? path.slice(0, -1) : path;
  const count = counts.get(locationOf(line));
  if (count === undefined) return null;
  const isBranch = line.at(-2) === 'any';
  const text = isBranch ? m.find_of_them({ count: formatCount(count) }) : m.find_left({ count: formatCount(count) });
  return <span className="left">{isBold ? <b>{text}</b> : text}</span>;
}
