import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { m } from '../../paraglide/messages.js';
import { fieldsOf, fieldsQuery } from '../../ui/find/fields.ts';
import { labelOf } from '../../ui/find/words.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Answer, Empty } from '../../ui/states.tsx';
import { boardSelectionsQuery, pipelinesQuery } from './queries.ts';
import type { BoardSelection } from './queries.ts';
import { countWords, kindWords } from './selection-board-page.tsx';

/** What can be seen as a board: the pipelines of deals, and every selection. Those with a saved layout come first. */
export function BoardsPage() {
  const pipelines = useQuery(pipelinesQuery);
  const selections = useQuery(boardSelectionsQuery);
  const fields = useQuery(fieldsQuery).data;
  const columnsOf = ({ entity, board }: BoardSelection): string | null => {
    const field = fields && board && fieldsOf(fields, entity).find(({ name }) => name === board.groupBy);
    return field ? m.board_by({ field: labelOf(field) }) : null;
  };
  return (
    <Page title={m.nav_boards()}>
      <div className="grid">
        <Panel title={m.board_of_deals()} className="w4">
          <Answer asked={pipelines} height={90}>
            {(items) => (
              <ul className="list in board-list">
                {items.map(({ id, name, isDefault, stages }) => (
                  <li key={id}>
                    <Link className="under" to="/deals/board" search={isDefault ? {} : { pipeline: id }}>
                      {m.board_pipeline({ name })}
                    </Link>
                    <p className="mini">{stages.map((stage) => stage.name).join(' · ')}</p>
                  </li>
                ))}
                <li>
                  <Link className="under" to="/deals/board" search={{ groupBy: 'owner' }}>
                    {m.board_by_owner()}
                  </Link>
                </li>
              </ul>
            )}
          </Answer>
        </Panel>
        <Panel title={m.board_of_selections()} className="w8">
          <Answer asked={selections} height={260}>
            {(items) =>
              items.length === 0 ? (
                <Empty
                  title={m.selections_none()}
                  actions={
                    <Link className="btn sm primary" to="/selections">
                      {m.nav_selections()}
                    </Link>
                  }
                >
                  {m.board_none_why()}
                </Empty>
              ) : (
                <ul className="list in board-list">
                  {items
                    .toSorted((a, b) => Number(b.board !== null) - Number(a.board !== null))
                    .map((selection) => (
                      <li key={selection.id}>
                        <Link className="under" to="/selections/$id/board" params={{ id: selection.id }}>
                          {selection.name}
                        </Link>
                        <p className="mini">
                          {[
                            selection.memberCount === null ? null : countWords(selection.entity, selection.memberCount),
                            kindWords(selection.kind),
                            columnsOf(selection),
                          ]
                            .filter(Boolean)
                            .join(' · ')}
                        </p>
                      </li>
                    ))}
                </ul>
              )
            }
          </Answer>
        </Panel>
      </div>
    </Page>
  );
}
