import { useQuery } from '@tanstack/react-query';
import { attentionQuery } from '../../api/queries.ts';
import { appBase } from '../../api/place.ts';
import { m } from '../../paraglide/messages.js';
import { formatAgo, formatCount, formatDayOfYear } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Answer } from '../../ui/states.tsx';

type Item = {
  kind: string;
  since: string | null;
  count: number;
  subject: { id: string; name: string } | null;
  href: string;
};

/** What a person can mend, most costly first, each with one verb. */
export function AttentionPanel() {
  const asked = useQuery(attentionQuery);
  const items = (asked.data ?? []) as Item[];
  return (
    <Panel
      className="w4 early"
      title={m.attention_title()}
      actions={asked.data === undefined ? null : <span className="mini">{formatCount(items.length)}</span>}
    >
      <Answer asked={asked} height={220}>
        {() =>
          items.length === 0 ? (
            <p className="in soft">{m.attention_none()}</p>
          ) : (
            <ul className="list in">
              {items.map((item) => (
                <AttentionItem key={`${item.kind}${item.subject?.id}`} item={item} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  );
}

function AttentionItem({ item }: { item: Item }) {
  const { title, text, verb } = wordsOf(item);
  return (
    <li>
      <div className="row between nowrap-row">
        <b className="small-head">{title}</b>
        <a className="small nowrap" href={item.href.replace(/^\/app/, appBase)} aria-label={`${verb}: ${title}`}>
          {verb}
        </a>
      </div>
      <p className="mini">{text}</p>
    </li>
  );
}

type Words = { title: string; text: string; verb: string };

function wordsOf({ kind, since, count, subject }: Item): Words {
  const name = subject?.name ?? '';
  const ago = since === null ? '' : formatAgo(since);
  const day = since === null ? '' : formatDayOfYear(since.slice(0, 10));
  const number = formatCount(count);
  switch (kind) {
    case 'formSilent': {
      return {
        title: m.attention_form({ name }),
        text: m.attention_form_text({ ago, count: number }),
        verb: m.attention_form_verb(),
      };
    }
    case 'deliveryFailing': {
      return {
        title: m.attention_delivery({ name }),
        text: m.attention_delivery_text({ day, count: number }),
        verb: m.attention_delivery_verb(),
      };
    }
    case 'dealsWithoutLead': {
      return {
        title: m.attention_deals({ count: number }),
        text: m.attention_deals_text({ ago }),
        verb: m.attention_deals_verb(),
      };
    }
    case 'quarantine': {
      return {
        title: m.attention_quarantine({ count: number }),
        text: m.attention_quarantine_text({ ago }),
        verb: m.attention_quarantine_verb(),
      };
    }
    case 'newSpellings': {
      return {
        title: m.attention_spellings({ count: number, name }),
        text: m.attention_spellings_text({ ago }),
        verb: m.attention_spellings_verb(),
      };
    }
    case 'costsMissing': {
      return {
        title: m.attention_costs({ name }),
        text: m.attention_costs_text({ count: number, day }),
        verb: m.attention_costs_verb(),
      };
    }
    default: {
      return {
        title: m.attention_unassigned({ name }),
        text: m.attention_unassigned_text({ count: number, day }),
        verb: m.attention_unassigned_verb(),
      };
    }
  }
}
