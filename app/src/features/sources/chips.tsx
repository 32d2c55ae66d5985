import { Menu } from '@mantine/core';
import { useSetSearch } from '../../api/use-scope.ts';
import { models } from '../../api/scope.ts';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../../ui/icon.tsx';
import { modelMeaning, modelName } from '../../ui/model-words.ts';
import { knownDimensions, knownMeasures, writeList } from './report-address.ts';
import type { Question } from './report-address.ts';
import { dimensionName, measureName, nameOfDimension, nameOfMeasure } from './words.ts';

const maxModels = 4;

/** The report as a sentence: show … by … credited to …. Each part can be taken out, and others added. */
export function QuestionSentence({ question }: { question: Question }) {
  const setSearch = useSetSearch();
  const { measures, dimensions, attribution } = question;
  const set = (name: 'measures' | 'dimensions' | 'attribution') => (values: string[]) =>
    setSearch({ ...writeList(name, values), why: undefined });
  return (
    <section className="panel" aria-label={m.question_name()}>
      <div className="in question">
        <span className="soft">{m.question_show()}</span>
        <Chips values={measures} nameOf={nameOfMeasure} onChange={set('measures')} />
        <Adder
          label={m.question_add_measure()}
          options={knownMeasures
            .filter((name) => !measures.includes(name))
            .map((name) => ({ name, label: measureName[name](), note: '' }))}
          onAdd={(name) => set('measures')([...measures, name])}
        />
        <span className="soft">{m.question_by()}</span>
        <Chips values={dimensions} nameOf={nameOfDimension} onChange={set('dimensions')} />
        <Adder
          label={m.question_add_dimension()}
          options={knownDimensions
            .filter((name) => !dimensions.includes(name))
            .map((name) => ({ name, label: dimensionName[name](), note: '' }))}
          onAdd={(name) => set('dimensions')([...dimensions, name])}
        />
        {dimensions.length > 1 ? (
          <button type="button" className="btn quiet sm" onClick={() => set('dimensions')(dimensions.slice(0, 1))}>
            {m.question_only({ name: nameOfDimension(dimensions[0]!) })}
          </button>
        ) : null}
        <span className="soft">{m.question_credited()}</span>
        <Chips
          values={attribution}
          nameOf={(name) => modelName[name as keyof typeof modelName]()}
          onChange={set('attribution')}
        />
        {attribution.length >= maxModels ? null : (
          <Adder
            label={m.question_add_model()}
            options={models
              .filter((name) => !attribution.includes(name))
              .map((name) => ({ name, label: modelName[name](), note: modelMeaning[name]() }))}
            onAdd={(name) => set('attribution')([...attribution, name])}
          />
        )}
      </div>
    </section>
  );
}

function Chips({
  values,
  nameOf,
  onChange,
}: {
  values: readonly string[];
  nameOf: (name: string) => string;
  onChange: (values: string[]) => void;
}) {
  return values.map((value) => (
    <span key={value} className="chip">
      <b>{nameOf(value)}</b>
      {values.length === 1 ? null : (
        <button
          type="button"
          className="x"
          aria-label={m.question_remove({ name: nameOf(value) })}
          onClick={() => onChange(values.filter((one) => one !== value))}
        >
          <Icon shape="close" size={12} />
        </button>
      )}
    </span>
  ));
}

function Adder({
  label,
  options,
  onAdd,
}: {
  label: string;
  options: ReadonlyArray<{ name: string; label: string; note: string }>;
  onAdd: (name: string) => void;
}) {
  return (
    <Menu position="bottom-start" offset={4} classNames={{ dropdown: 'pop menu tall' }}>
      <Menu.Target>
        <button type="button" className="btn quiet sm">
          {label}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {options.map((option) => (
          <Menu.Item key={option.name} className="opt" onClick={() => onAdd(option.name)}>
            {option.label} {option.note === '' ? null : <span className="soft small">{option.note}</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The filters of the address; each can be taken out. Clicking a value in the table adds one. */
export function Filters({ question }: { question: Question }) {
  const setSearch = useSetSearch();
  const filters = Object.entries(question.filter);
  return (
    <div className="row">
      {filters.map(([dimension, values]) => (
        <span key={dimension} className="chip">
          <span className="soft">{nameOfDimension(dimension)}</span> <b>{values.join(', ')}</b>
          <button
            type="button"
            className="x"
            aria-label={m.question_remove({ name: `${nameOfDimension(dimension)} ${values.join(', ')}` })}
            onClick={() => setSearch({ [`filter.${dimension}`]: undefined })}
          >
            <Icon shape="close" size={12} />
          </button>
        </span>
      ))}
      <span className="mini">{m.filter_hint()}</span>
    </div>
  );
}
