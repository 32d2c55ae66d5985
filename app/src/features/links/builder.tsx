import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { bodyOf, draftOf, emptyDraft, isAskable, suggestionsQuery, trialQuery } from './queries.ts';
import type { Draft, Link, Member } from './queries.ts';

/** Makes a link, or corrects one that nobody has followed yet. The channel and near misses are shown while one types. */
export function Builder({
  link,
  onDone,
  onClose,
}: {
  /** The one to be corrected. */
  link: Link | null;
  onDone: (saved: Link) => void;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>(link === null ? emptyDraft : draftOf(link));
  const set = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const [asked] = useDebouncedValue(draft, 250);
  // The short address of the link itself is not taken by another.
  const tried = link === null ? asked : { ...asked, slug: asked.slug === link.slug ? '' : asked.slug };
  const trial = useQuery({ ...trialQuery(tried), enabled: isAskable(tried) });
  const saved = useMutation({
    mutationFn: async () => {
      const body = bodyOf(draft);
      if (link === null) {
        return (await kilde().POST('/api/v1/links', { body: body as never })).data as unknown as Link;
      }
      const cleared = { campaign: null, term: null, content: null, placements: [] };
      const { data } = await kilde().PATCH('/api/v1/links/{id}', {
        params: { path: { id: link.id } },
        body: { ...cleared, ...body } as never,
      });
      return data as unknown as Link;
    },
    onSuccess: async (made) => {
      onDone(made);
      await client.invalidateQueries({ queryKey: ['links'] });
    },
  });
  const warnings = isAskable(tried) ? (trial.data?.warnings ?? []) : [];
  return (
    <section className="panel" aria-label={link === null ? m.links_new() : m.links_correct()}>
      <header>
        <h2>{link === null ? m.links_new() : m.links_correct()}</h2>
      </header>
      <form
        className="in stack"
        onSubmit={(event) => {
          event.preventDefault();
          saved.mutate();
        }}
      >
        <label className="field">
          {m.links_page()}
          <input
            className="input"
            type="url"
            required
            autoFocus
            placeholder="https://"
            value={draft.page}
            onChange={({ target }) => set({ page: target.value })}
          />
        </label>
        <div className="link-values">
          {memberLabels().map(([member, label]) => (
            <ValueField
              key={member}
              member={member}
              label={label}
              isRequired={member === 'source' || member === 'medium'}
              value={draft[member]}
              onChange={(value) => set({ [member]: value.toLowerCase() })}
            />
          ))}
          <label className="field">
            {m.links_slug()}
            <input
              className="input"
              pattern="[a-z0-9\-]{1,60}"
              placeholder={m.links_slug_made()}
              value={draft.slug}
              onChange={({ target }) => set({ slug: target.value.toLowerCase() })}
            />
          </label>
          <label className="field">
            {m.links_placements()}
            <input
              className="input"
              placeholder={m.links_placements_example()}
              value={draft.placements}
              onChange={({ target }) => set({ placements: target.value })}
            />
          </label>
        </div>
        <div aria-live="polite" className="stack">
          {warnings.map(({ field, value, similarTo = [] }) => (
            <p key={field} className="note amber">
              {field === 'slug'
                ? m.links_slug_taken({ slug: value })
                : similarTo.length === 0
                  ? m.links_counts_as_another({ value })
                  : m.links_near({ value, known: similarTo.join(', ') })}{' '}
              {field !== 'slug' && similarTo[0] !== undefined ? (
                <button type="button" className="btn sm" onClick={() => set({ [field]: similarTo[0]! })}>
                  {m.links_take({ value: similarTo[0] })}
                </button>
              ) : null}
            </p>
          ))}
          {trial.data === undefined || !isAskable(tried) ? null : (
            <p className="mini">
              {m.links_channel()} <b>{trial.data.channel}</b> · <span className="mono link-url">{trial.data.url}</span>
            </p>
          )}
        </div>
        {trial.error === null || !isAskable(tried) ? null : <Failure error={trial.error} />}
        {saved.error === null ? null : <Failure error={saved.error} what={m.record_not_saved()} />}
        <div className="row">
          <button type="submit" className="btn primary" disabled={!isAskable(draft) || saved.isPending}>
            {link === null ? m.links_make() : m.save()}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </form>
    </section>
  );
}

function memberLabels(): Array<[Member, string]> {
  return [
    ['source', m.dimension_source()],
    ['medium', m.dimension_medium()],
    ['campaign', m.dimension_campaign()],
    ['term', m.links_term()],
    ['content', m.links_content()],
  ];
}

/** A value with those in use, and how many arrivals have each. */
function ValueField({
  member,
  label,
  value,
  isRequired,
  onChange,
}: {
  member: Member;
  label: string;
  value: string;
  isRequired: boolean;
  onChange: (value: string) => void;
}) {
  const list = useId();
  const suggestions = useQuery(suggestionsQuery(member)).data ?? [];
  return (
    <label className="field">
      {label}
      <input
        className="input"
        required={isRequired}
        maxLength={255}
        list={list}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      <datalist id={list}>
        {suggestions.map((one) => (
          <option key={one.value} value={one.value}>
            {m.links_in_use({ count: formatCount(one.origins) })}
          </option>
        ))}
      </datalist>
    </label>
  );
}
