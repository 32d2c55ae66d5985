import { Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import type { Search } from '../../api/search.ts';
import { useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Answer, Empty, Failure } from '../../ui/states.tsx';
import { Builder } from './builder.tsx';
import { QrDialog } from './qr-dialog.tsx';
import { linksQuery } from './queries.ts';
import type { Link } from './queries.ts';

/** Tagged links: what each brought, and a builder that warns of near misses before they are saved. */
export function LinksPage() {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const client = useQueryClient();
  const [qr, setQr] = useState<Link | null>(null);
  const [saved, setSaved] = useState<Link | null>(null);
  const isArchive = search['tab'] === 'archived';
  const asked = useQuery(linksQuery(isArchive));
  const edited = asked.data?.find(({ id }) => id === search['link']) ?? null;
  const archived = useMutation({
    mutationFn: async ({ link, isOn }: { link: Link; isOn: boolean }) => {
      await kilde().PATCH('/api/v1/links/{id}', { params: { path: { id: link.id } }, body: { archived: isOn } });
      return { link, isOn };
    },
    onSuccess: async () => client.invalidateQueries({ queryKey: ['links'] }),
  });
  const closeBuilder = (): void => setSearch({ new: undefined, link: undefined });
  return (
    <Page
      title={m.nav_links()}
      actions={
        <button type="button" className="btn primary" onClick={() => setSearch({ new: '1', link: undefined })}>
          {m.links_new()}
        </button>
      }
    >
      {search['new'] === '1' || edited !== null ? (
        <Builder
          key={edited?.id ?? 'new'}
          link={edited}
          onClose={closeBuilder}
          onDone={(made) => {
            setSaved(made);
            closeBuilder();
          }}
        />
      ) : null}
      {saved === null ? null : (
        <p className="note" role="status">
          <b>{m.links_saved()}</b> <span className="mono">{saved.shortUrl}</span>{' '}
          <button type="button" className="btn sm" onClick={() => setQr(saved)}>
            {m.links_qr()}
          </button>
        </p>
      )}
      {archived.error === null ? null : <Failure error={archived.error} what={m.record_not_saved()} />}
      {archived.data === undefined ? null : (
        <p className="note" role="status">
          <b>
            {archived.data.isOn
              ? m.links_archived_one({ slug: archived.data.link.slug })
              : m.links_back({ slug: archived.data.link.slug })}
          </b>{' '}
          <button
            type="button"
            className="btn sm"
            disabled={archived.isPending}
            onClick={() => archived.mutate({ link: archived.data.link, isOn: !archived.data.isOn })}
          >
            {m.record_undo()}
          </button>
        </p>
      )}
      <div className="row">
        <Segments
          label={m.forms_show()}
          options={[
            { value: '', label: m.links_active() },
            { value: 'archived', label: m.links_archived() },
          ]}
          value={isArchive ? 'archived' : ''}
          onChange={(tab) => setSearch({ tab: tab || undefined })}
        />
      </div>
      <section className="panel" aria-label={m.links_brought()}>
        <header>
          <h2>{m.links_brought()}</h2>
        </header>
        <Answer asked={asked} height={200}>
          {(shown) =>
            shown.length === 0 ? (
              <Empty title={isArchive ? m.links_none_archived() : m.links_none()}>
                {isArchive ? undefined : m.links_none_why()}
              </Empty>
            ) : (
              <Table
                links={shown}
                onQr={setQr}
                onEdit={({ id }) => setSearch({ link: id, new: undefined })}
                onArchive={(link) => archived.mutate({ link, isOn: link.archivedAt === null })}
              />
            )
          }
        </Answer>
        <p className="fact">{m.links_fact()}</p>
      </section>
      {qr === null ? null : <QrDialog link={qr} onClose={() => setQr(null)} />}
    </Page>
  );
}

function Table({
  links,
  onQr,
  onEdit,
  onArchive,
}: {
  links: readonly Link[];
  onQr: (link: Link) => void;
  onEdit: (link: Link) => void;
  onArchive: (link: Link) => void;
}) {
  return (
    <div className="scroll">
      <table className="t">
        <caption className="vh">{m.links_brought()}</caption>
        <thead>
          <tr>
            <th scope="col">{m.links_link()}</th>
            <th scope="col" className="desk">
              {m.origin()}
            </th>
            <th scope="col" className="num">
              {m.links_visits()}
            </th>
            <th scope="col" className="num">
              {m.links_leads()}
            </th>
            <th scope="col" className="num desk">
              {m.nav_deals()}
            </th>
            <th scope="col">
              <span className="vh">{m.selections_do()}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {links.flatMap((link) => [
            <tr key={link.id}>
              <th scope="row">
                {link.slug}
                <span className="mini line cut link-page">{link.page}</span>
              </th>
              <td className="desk">{[link.source, link.medium, link.campaign].filter(Boolean).join(' / ')}</td>
              <td className="num">{formatCount(link.visits)}</td>
              <td className="num">{formatCount(link.leads)}</td>
              <td className="num desk">{formatCount(link.deals)}</td>
              <td className="num">
                <LinkMenu link={link} onQr={onQr} onEdit={onEdit} onArchive={onArchive} />
              </td>
            </tr>,
            ...link.placements.map(({ name, visits, leads, deals }) => (
              <tr key={`${link.id} ${name}`}>
                <th scope="row">
                  <span className="soft link-place">{m.links_at({ place: name })}</span>
                </th>
                <td className="desk" />
                <td className="num soft">{formatCount(visits)}</td>
                <td className="num soft">{formatCount(leads)}</td>
                <td className="num soft desk">{formatCount(deals)}</td>
                <td />
              </tr>
            )),
          ])}
        </tbody>
      </table>
    </div>
  );
}

function LinkMenu({
  link,
  onQr,
  onEdit,
  onArchive,
}: {
  link: Link;
  onQr: (link: Link) => void;
  onEdit: (link: Link) => void;
  onArchive: (link: Link) => void;
}) {
  const { slug, shortUrl, visits, archivedAt } = link;
  return (
    <Menu position="bottom-end" offset={4} classNames={{ dropdown: 'pop menu' }}>
      <Menu.Target>
        <button type="button" className="btn quiet sm" aria-label={m.selections_do_with({ name: slug })}>
          <Icon shape="more" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item className="opt" onClick={() => void navigator.clipboard.writeText(shortUrl)}>
          {m.links_copy()}
        </Menu.Item>
        <Menu.Item className="opt" onClick={() => onQr(link)}>
          {m.links_qr()}
        </Menu.Item>
        {visits > 0 ? null : (
          <Menu.Item className="opt" onClick={() => onEdit(link)}>
            {m.links_correct()}
          </Menu.Item>
        )}
        <Menu.Item className="opt" onClick={() => onArchive(link)}>
          {archivedAt === null ? m.links_archive() : m.links_take_back()}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
