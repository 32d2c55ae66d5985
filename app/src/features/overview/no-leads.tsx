import { Link } from '@tanstack/react-router';
import { m } from '../../paraglide/messages.js';
import { Empty } from '../../ui/states.tsx';

/** Nothing in the period, or nothing yet. */
export function NoLeads({ isEver }: { isEver: boolean }) {
  return (
    <section className="panel">
      <Empty
        title={isEver ? m.no_leads_yet() : m.no_leads_in_period()}
        actions={
          isEver ? (
            <Link className="btn primary" to="/forms">
              {m.no_leads_form()}
            </Link>
          ) : (
            <Link className="btn primary" to="/overview" search={{ period: 'all' }}>
              {m.no_leads_show_all()}
            </Link>
          )
        }
      >
        {isEver ? m.no_leads_yet_text() : m.no_leads_in_period_text()}
      </Empty>
    </section>
  );
}
