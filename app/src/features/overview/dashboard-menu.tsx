import { Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import { useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../../ui/icon.tsx';
import { Failure } from '../../ui/states.tsx';
import { dashboardsQuery, rememberDashboard } from './dashboards.ts';
import type { ShownDashboard } from './queries.ts';

/** Which dashboard is shown, and what can be done with it. */
export function DashboardMenu({ shown, title }: { shown: ShownDashboard; title: string }) {
  const client = useQueryClient();
  const setSearch = useSetSearch();
  const all = useQuery(dashboardsQuery).data ?? [];
  const open = (id: string): void => setSearch({ dashboard: id, arrange: undefined });
  const deletion = useMutation({
    mutationFn: async (one: ShownDashboard) => {
      await kilde().DELETE('/api/v1/dashboards/{id}', { params: { path: { id: one.id } } });
      return one;
    },
    onSuccess: async () => {
      rememberDashboard(null);
      setSearch({ dashboard: 'default' }, { replace: true });
      await client.invalidateQueries({ queryKey: ['dashboards'] });
    },
  });
  const restored = useMutation({
    mutationFn: async ({ name, visibility, tiles }: ShownDashboard) => {
      const body = { name, visibility, tiles: tiles.map(({ answer: _answer, ...tile }) => tile) };
      return kilde().POST('/api/v1/dashboards', { body: body as never });
    },
    onSuccess: async ({ data }) => {
      deletion.reset();
      await client.invalidateQueries({ queryKey: ['dashboards'] });
      open((data as unknown as { id: string }).id);
    },
  });
  const nameOf = ({ id, name }: { id: string; name: string }): string => (id === 'leads' ? m.overview_title() : name);
  return (
    <>
      {deletion.isSuccess ? (
        <span className="note" role="status">
          {m.dashboard_deleted()}{' '}
          <button
            type="button"
            className="btn sm"
            disabled={restored.isPending}
            onClick={() => restored.mutate(deletion.data)}
          >
            {m.record_undo()}
          </button>
        </span>
      ) : null}
      {[deletion.error, restored.error].map((error, place) =>
        error === null ? null : <Failure key={place} error={error} what={m.record_not_saved()} />,
      )}
      <Menu position="bottom-end" offset={4} classNames={{ dropdown: 'pop menu tall' }}>
        <Menu.Target>
          <button type="button" className="btn sm">
            {m.dashboard_menu()}
            <Icon shape="down" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {all.map((one) => (
            <Menu.RadioItem
              value={one.id}
              closeMenuOnClick
              key={one.id}
              className="opt"
              checkIcon={null}
              checked={one.id === shown.id}
              onChange={() => open(one.id)}
            >
              {nameOf(one)}{' '}
              <span className="soft small">
                {one.visibility === 'private' ? m.selection_only_me() : m.selection_everybody()}
              </span>
            </Menu.RadioItem>
          ))}
          <Menu.Divider />
          <Menu.Item className="opt" onClick={() => setSearch({ arrange: '1' })}>
            {m.dashboard_arrange({ name: title })}
          </Menu.Item>
          <Menu.Item className="opt" onClick={() => setSearch({ arrange: 'new' })}>
            {m.dashboard_new()}
          </Menu.Item>
          {shown.builtIn ? null : (
            <Menu.Item className="opt" onClick={() => deletion.mutate(shown)}>
              {m.dashboard_delete({ name: title })}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
