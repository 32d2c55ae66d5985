import { Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { isProblem, kilde } from '../../api/client.ts';
import type { ReportDefinition } from '../../api/report-definitions.ts';
import { useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Failure } from '../../ui/states.tsx';
import { rememberDashboard } from './dashboards.ts';
import type { Dashboard } from './dashboards.ts';
import { addedTileQuery } from './queries.ts';
import type { AnsweredTile, Asked, ShownDashboard } from './queries.ts';
import { groupTiles, TileContent, titleOfGroup } from './tiles.tsx';
import { AddTile } from './add-tile.tsx';
import { columns, moveItem, placesOf, resizeItem, stepItem } from './layout.ts';
import type { Direction, Item } from './layout.ts';

type Tile = Item<AnsweredTile>;

/** Moving, sizing, adding and removing tiles, by pointer and by keys; nothing is stored before it is saved. */
export function Arrange({ shown, asked, isNew }: { shown: ShownDashboard; asked: Asked; isNew: boolean }) {
  const setSearch = useSetSearch();
  const [items, setItems] = useState<Tile[]>(() => (isNew ? [] : itemsOf(shown)));
  const [name, setName] = useState(isNew || shown.builtIn ? '' : shown.name);
  const [lifted, setLifted] = useState<{ key: string; before: Tile[] } | null>(null);
  const [said, say] = useState('');
  const [isAdding, setAdding] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const close = (): void => setSearch({ arrange: undefined });
  const saved = useSave({ shown, isNew, name, items });
  // A tile that moves in the page loses the focus: it gets it back.
  const focused = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (focused.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-tile="${focused.current}"] .handle`)?.focus();
  });
  const change = (next: Tile[], key: string, words: 'moved' | 'sized'): void => {
    setItems(next);
    const at = next.findIndex((one) => one.key === key);
    const [item, place] = [next[at], placesOf(next)[at]];
    if (item === undefined || place === undefined) return;
    const title = titleOfGroup(item.tiles);
    say(
      words === 'moved'
        ? m.arrange_moved({ title, row: formatCount(place.row + 1), column: formatCount(place.column + 1) })
        : m.arrange_sized({ title, width: formatCount(item.width), height: formatCount(item.height) }),
    );
  };
  const onKeyDown = (event: KeyboardEvent, key: string): void => {
    const title = titleOfGroup(items.find((one) => one.key === key)?.tiles ?? []);
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      focused.current = lifted === null ? key : null;
      say(lifted === null ? m.arrange_lifted({ title }) : m.arrange_dropped({ title }));
      setLifted(lifted === null ? { key, before: items } : null);
      return;
    }
    if (lifted?.key !== key) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      setItems(lifted.before);
      setLifted(null);
      say(m.arrange_back({ title }));
      return;
    }
    const direction = directions[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    if (event.shiftKey) change(resizeItem(items, key, sizes[direction]), key, 'sized');
    else change(stepItem(items, key, direction), key, 'moved');
  };
  const drag = useDrag({
    onLift: (key) => setLifted({ key, before: items }),
    onOver: (key, over) =>
      change(
        moveItem(
          items,
          key,
          items.findIndex((one) => one.key === over),
        ),
        key,
        'moved',
      ),
    onDrop: () => setLifted(null),
  });
  return (
    <>
      <div className="row between">
        <span className="row">
          <span className="tag amber">{m.arrange_tag()}</span>
          <input
            className="input named"
            aria-label={m.dashboard_name()}
            placeholder={m.dashboard_name()}
            value={name}
            maxLength={100}
            onChange={({ target }) => setName(target.value)}
          />
        </span>
        <span className="row">
          <button type="button" className="btn sm" onClick={() => setAdding(true)}>
            {m.arrange_add()}
          </button>
          <button
            type="button"
            className="btn sm"
            onClick={() => {
              setItems(isNew ? [] : itemsOf(shown));
              say(m.arrange_was_reset());
            }}
          >
            {m.arrange_reset()}
          </button>
          <button type="button" className="btn sm" onClick={close}>
            {m.cancel()}
          </button>
          <button type="button" className="btn sm" disabled={saved.isPending} onClick={() => saved.mutate('private')}>
            {m.arrange_save_me()}
          </button>
          <button
            type="button"
            className="btn sm primary"
            disabled={saved.isPending}
            onClick={() => saved.mutate('shared')}
          >
            {m.arrange_save_all()}
          </button>
        </span>
      </div>
      <p className="say soft small">{m.arrange_how()}</p>
      {saved.error === null ? null : (
        <Failure
          error={saved.error}
          what={isProblem(saved.error, 'precondition_failed') ? m.arrange_conflict() : m.record_not_saved()}
        />
      )}
      <p className="vh" role="status" aria-live="assertive">
        {said}
      </p>
      <div className="grid stretch arranging" ref={list} {...drag.onGrid}>
        {items.map((item) => (
          <ArrangedTile
            key={item.key}
            item={item}
            asked={asked}
            isLifted={lifted?.key === item.key}
            onKeyDown={(event) => onKeyDown(event, item.key)}
            onBlur={() => (focused.current = lifted?.key === item.key ? focused.current : null)}
            onPointerDown={(event) => drag.lift(event, item.key)}
            onResize={(by) => change(resizeItem(items, item.key, by), item.key, 'sized')}
            onRemove={() => {
              setItems(items.filter((one) => one !== item));
              say(m.arrange_removed({ title: titleOfGroup(item.tiles) }));
            }}
          />
        ))}
      </div>
      {items.length === 0 ? <p className="soft">{m.arrange_empty()}</p> : null}
      {isAdding ? (
        <AddTile
          onClose={() => setAdding(false)}
          onAdd={(definition) => {
            setItems([...items, itemOf([tileOf(definition)], `new-${definition.id}-${items.length}`)]);
            say(m.arrange_added({ title: titleOfGroup([tileOf(definition)]) }));
            setAdding(false);
          }}
        />
      ) : null}
    </>
  );
}

const directions: Partial<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const sizes: Record<Direction, { width?: number; height?: number }> = {
  left: { width: -1 },
  right: { width: 1 },
  up: { height: -1 },
  down: { height: 1 },
};

function itemOf(tiles: AnsweredTile[], key: string): Tile {
  const { width = 1, height = 1 } = tiles.at(-1) ?? {};
  return { key, tiles, width, height };
}

function itemsOf(shown: ShownDashboard): Tile[] {
  return groupTiles(shown).map((tiles, place) => itemOf(tiles, `${tiles[0]?.reportId ?? 'query'}-${place}`));
}

function tileOf({ id, name }: ReportDefinition): AnsweredTile {
  return { title: null, reportId: id, report: { id, name }, width: 1, height: 1, display: 'bars', answer: null };
}

/** Moving by pointer: a tile takes the place of the one that the pointer is over. */
function useDrag({
  onLift,
  onOver,
  onDrop,
}: {
  onLift: (key: string) => void;
  onOver: (key: string, over: string) => void;
  onDrop: () => void;
}) {
  const dragged = useRef<{ key: string; over: string } | null>(null);
  const drop = (): void => {
    if (dragged.current !== null) onDrop();
    dragged.current = null;
  };
  return {
    lift: (event: PointerEvent<HTMLElement>, key: string): void => {
      if (event.button !== 0) return;
      dragged.current = { key, over: key };
      onLift(key);
    },
    onGrid: {
      onPointerMove: (event: PointerEvent): void => {
        const now = dragged.current;
        if (now === null) return;
        const under = document.elementFromPoint(event.clientX, event.clientY);
        const over = under?.closest<HTMLElement>('[data-tile]')?.dataset['tile'];
        if (over === undefined || over === now.over) return;
        dragged.current = { ...now, over };
        // Over itself again: the next tile may be the one it has just left.
        if (over !== now.key) onOver(now.key, over);
      },
      onPointerUp: drop,
      onPointerLeave: drop,
      onPointerCancel: drop,
    },
  };
}

function ArrangedTile({
  item,
  asked,
  isLifted,
  onKeyDown,
  onBlur,
  onPointerDown,
  onResize,
  onRemove,
}: {
  item: Tile;
  asked: Asked;
  isLifted: boolean;
  onKeyDown: (event: KeyboardEvent) => void;
  onBlur: () => void;
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  onResize: (by: { width?: number; height?: number }) => void;
  onRemove: () => void;
}) {
  const title = titleOfGroup(item.tiles);
  return (
    <div className={`tile w${item.width * 4} h${item.height}${isLifted ? ' up' : ''}`} data-tile={item.key}>
      <Panel
        title={title}
        before={
          <button
            type="button"
            className="btn quiet sm handle"
            aria-label={m.arrange_move({ title })}
            aria-pressed={isLifted}
            onKeyDown={onKeyDown}
            onBlur={onBlur}
            onPointerDown={onPointerDown}
          >
            ⠿
          </button>
        }
        actions={
          <>
            <span className="mini">
              {item.width} × {item.height}
            </span>
            <Menu position="bottom-end" offset={4} classNames={{ dropdown: 'pop menu' }}>
              <Menu.Target>
                <button type="button" className="btn quiet sm" aria-label={m.arrange_menu({ title })}>
                  <Icon shape="more" />
                </button>
              </Menu.Target>
              <Menu.Dropdown>
                {[
                  { label: m.arrange_wider(), by: { width: 1 }, can: item.width < columns },
                  { label: m.arrange_narrower(), by: { width: -1 }, can: item.width > 1 },
                  { label: m.arrange_higher(), by: { height: 1 }, can: item.height < 2 },
                  { label: m.arrange_lower(), by: { height: -1 }, can: item.height > 1 },
                ].map(({ label, by, can }) => (
                  <Menu.Item
                    key={label}
                    className="opt"
                    disabled={!can}
                    closeMenuOnClick={false}
                    onClick={() => onResize(by)}
                  >
                    {label}
                  </Menu.Item>
                ))}
                <Menu.Item className="opt" onClick={onRemove}>
                  {m.arrange_remove()}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        }
      >
        <Shown item={item} asked={asked} />
      </Panel>
    </div>
  );
}

/** The content; of a tile that was just added, it is asked for. */
function Shown({ item, asked }: { item: Tile; asked: Asked }) {
  const last = item.tiles.at(-1);
  const isAdded = item.key.startsWith('new-') && last?.answer === null;
  const answer = useQuery({ ...addedTileQuery({ ...asked, id: last?.reportId ?? '' }), enabled: isAdded }).data;
  const tiles = item.tiles.map((tile) => ({
    ...tile,
    width: item.width,
    height: item.height,
    answer: tile.answer ?? (isAdded ? (answer ?? null) : null),
  }));
  return <TileContent tiles={tiles} />;
}

/** Saves as a dashboard of one's own or everybody's: this one where it is of that kind, else a new one. */
function useSave({
  shown,
  isNew,
  name,
  items,
}: {
  shown: ShownDashboard;
  isNew: boolean;
  name: string;
  items: readonly Tile[];
}) {
  const client = useQueryClient();
  const setSearch = useSetSearch();
  return useMutation({
    mutationFn: async (visibility: Dashboard['visibility']) => {
      const tiles = items.flatMap(({ tiles: own, width, height }) =>
        own.map(({ title, reportId, query, display }) => ({
          ...(title === null ? {} : { title }),
          ...(reportId === null || reportId === undefined ? { query } : { reportId }),
          width,
          height,
          display,
        })),
      );
      const body = { name: name.trim() || m.overview_title(), tiles };
      if (!isNew && !shown.builtIn && shown.visibility === visibility) {
        const params = { path: { id: shown.id }, header: { 'If-Match': shown.etag } };
        const { data } = await kilde().PATCH('/api/v1/dashboards/{id}', {
          params: params as never,
          ...(shown.etag === null ? {} : { headers: { 'If-Match': shown.etag } }),
          body: body as never,
        });
        return data as unknown as Dashboard;
      }
      // What everybody sees first is changed in place of the built-in one.
      const isDefault = visibility === 'shared' && !isNew && shown.builtIn;
      const { data } = await kilde().POST('/api/v1/dashboards', {
        body: { ...body, visibility, ...(isDefault ? { isDefault } : {}) } as never,
      });
      return data as unknown as Dashboard;
    },
    onSuccess: async ({ id, visibility, isDefault }) => {
      rememberDashboard(visibility === 'private' ? id : null);
      await client.invalidateQueries({ queryKey: ['dashboards'] });
      await client.invalidateQueries({ queryKey: ['tiles'] });
      setSearch({ arrange: undefined, dashboard: isDefault || visibility === 'private' ? undefined : id });
    },
  });
}
