import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { countOf, reportQuery, scopeOfQuery, textOf } from '../api/report.ts';
import { inLanguage, reportDefinitionsQuery } from '../api/report-definitions.ts';
import { keepScope, presets } from '../api/scope.ts';
import type { Search } from '../api/search.ts';
import { useScope, useSetScope } from '../api/use-scope.ts';
import { m } from '../paraglide/messages.js';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { themeName, themes } from './account-menu.tsx';
import { useRecords } from './palette-records.ts';
import { presetName } from './scope-words.ts';
import { screens } from './screens.ts';

type Item = { id: string; group: string; text: string; note?: string; kind?: string; act: () => void };

const shownPerGroup = 5;

/** Search: values, people, companies, screens, actions. One field; arrows choose, Enter opens. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const words = useDeferredValue(text.trim().toLowerCase());
  const items = useItems(words);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => setChosen(0), [words]);
  const open = (item: Item | undefined): void => {
    if (item === undefined) return;
    onClose();
    item.act();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setChosen((before) => (before + step + items.length) % items.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(items[chosen]);
    }
  };
  return (
    <dialog
      ref={dialog}
      className="pop palette"
      aria-label={m.search_open()}
      onClose={onClose}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget) onClose();
      }}
    >
      <div className="q">
        <Icon shape="search" />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={items[chosen] === undefined ? undefined : `${list}-${chosen}`}
          aria-label={m.search_open()}
          placeholder={m.search_open()}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <div role="listbox" id={list} aria-label={m.search_results()} className="found">
        {items.map((item, place) => (
          <FoundItem
            key={item.id}
            item={item}
            id={`${list}-${place}`}
            head={item.group === items[place - 1]?.group ? null : item.group}
            isChosen={place === chosen}
            words={words}
            onChoose={() => open(item)}
            onPoint={() => setChosen(place)}
          />
        ))}
      </div>
      {items.length > 0 ? null : <p className="in mini">{m.search_none({ text })}</p>}
    </dialog>
  );
}

function FoundItem({
  item,
  id,
  head,
  isChosen,
  words,
  onChoose,
  onPoint,
}: {
  item: Item;
  id: string;
  head: string | null;
  isChosen: boolean;
  words: string;
  onChoose: () => void;
  onPoint: () => void;
}) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isChosen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  return (
    <>
      {head === null ? null : (
        <div className="found-head" role="presentation">
          {head}
        </div>
      )}
      <div
        ref={element}
        id={id}
        role="option"
        aria-selected={isChosen}
        className="found-item"
        onClick={onChoose}
        onMouseMove={onPoint}
      >
        <span>
          <Marked text={item.text} words={words} /> <span className="soft">{item.note}</span>
        </span>
        <span className="mini">{item.kind}</span>
      </div>
    </>
  );
}

/** What was typed stands out in what was found. */
function Marked({ text, words }: { text: string; words: string }): ReactNode {
  const at = words === '' ? -1 : text.toLowerCase().indexOf(words);
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <b>{text.slice(at, at + words.length)}</b>
      {text.slice(at + words.length)}
    </>
  );
}

function useItems(words: string): Item[] {
  const navigate = useNavigate();
  const search: Search = useSearch({ strict: false });
  const setScope = useSetScope();
  const { setColorScheme } = useMantineColorScheme();
  const values = useValues();
  const records = useRecords(words);
  const reports = useQuery({ ...reportDefinitionsQuery, enabled: words !== '' }).data ?? [];
  const go = (to: string, more: Search = {}): void =>
    void navigate({ to, search: { ...keepScope(search), ...more } } as never);
  const matches = (text: string): boolean => text.toLowerCase().includes(words);
  const found = (all: Item[]): Item[] => all.filter(({ text }) => matches(text)).slice(0, shownPerGroup);

  const places = screens.map(({ path, label, key }): Item => {
    return { id: path, group: m.search_screens(), text: label(), kind: `G ${key.toUpperCase()}`, act: () => go(path) };
  });
  const actions = [
    ...presets.map((period, place): Item => {
      const text = m.search_set_period({ period: presetName[period]().toLowerCase() });
      const kind = `. ${(place + 1) % 10}`;
      return { id: period, group: m.search_do(), text, kind, act: () => setScope({ period }) };
    }),
    ...themes.map((theme): Item => {
      const text = m.search_theme({ theme: themeName[theme]().toLowerCase() });
      return { id: `theme-${theme}`, group: m.search_do(), text, act: () => setColorScheme(theme) };
    }),
  ];
  if (words === '') return places;
  return [
    ...found(
      values.map(({ source, leads }): Item => {
        const note = m.search_leads({ what: m.dimension_source().toLowerCase(), count: formatCount(leads) });
        const act = (): void => go('/sources', { 'filter.source': source });
        return {
          id: `source-${source}`,
          group: m.search_values(),
          text: source,
          note,
          kind: m.search_in_sources(),
          act,
        };
      }),
    ),
    ...records.map(({ id, to, more, name, note, kind }): Item => {
      return { id, group: m.search_records(), text: name, note, kind, act: () => go(to, more) };
    }),
    ...found(
      reports.map(({ id, name }): Item => {
        const act = (): void => go(`/reports/${id}`);
        return { id: `report-${id}`, group: m.reports_menu(), text: inLanguage(name), kind: m.search_report(), act };
      }),
    ),
    ...found(places),
    ...found(actions),
  ];
}

function useValues(): Array<{ source: string; leads: number }> {
  const { days, timeZone, siteId } = useScope();
  const { data } = useQuery(
    reportQuery({
      measures: ['leads'],
      dimensions: ['source'],
      ...scopeOfQuery({ days, compare: 'none', timeZone, siteId }),
      limit: 200,
    }),
  );
  return (data?.rows ?? []).flatMap((row) => {
    const source = textOf(row, 'source');
    return source === null ? [] : [{ source, leads: countOf(row, 'leads') ?? 0 }];
  });
}
