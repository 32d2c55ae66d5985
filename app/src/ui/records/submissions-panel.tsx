import { Link } from '@tanstack/react-router';
import type { Submission } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { formatDay, none } from '../format.ts';
import { Panel } from '../panel.tsx';
import { originName } from './origin.ts';

/** The forms, chats and calls of a person or a company. */
export function SubmissionsPanel({
  submissions,
  hasPeople = false,
}: {
  submissions: Submission[];
  hasPeople?: boolean;
}) {
  const said = submissions.find(({ selfReported }) => selfReported !== null)?.selfReported;
  return (
    <Panel
      title={m.submissions_title()}
      actions={<span className="mini">{submissions.length}</span>}
      fact={said === undefined ? undefined : <p className="fact">{m.submissions_says({ text: said ?? '' })}</p>}
    >
      {submissions.length === 0 ? (
        <p className="in mini">{m.submissions_none()}</p>
      ) : (
        <table className="t dense">
          <caption className="vh">{m.submissions_title()}</caption>
          <thead>
            <tr>
              <th scope="col">{m.form()}</th>
              {hasPeople ? (
                <th scope="col" className="desk">
                  {m.person()}
                </th>
              ) : null}
              <th scope="col">{m.submission_sent()}</th>
              <th scope="col">{m.origin()}</th>
            </tr>
          </thead>
          <tbody>
            {submissions.map(({ id, form, createdVia, at, touch, person }) => (
              <tr key={id}>
                <th scope="row">{form?.name ?? createdVia}</th>
                {hasPeople ? (
                  <td className="desk">
                    {person === null ? (
                      none
                    ) : (
                      <Link className="under" to="/people/$id" params={{ id: person.id }}>
                        {person.name ?? person.email ?? person.id}
                      </Link>
                    )}
                  </td>
                ) : null}
                <td>{formatDay(at.slice(0, 10))}</td>
                <td>{touch === null ? none : originName(touch)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
