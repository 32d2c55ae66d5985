import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { inLanguage, reportDefinitionsQuery } from '../../api/report-definitions.ts';
import { keepScope } from '../../api/scope.ts';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../../ui/icon.tsx';
import { Answer } from '../../ui/states.tsx';

/** The saved reports and those that come with Kilde. They are asked for when the menu is first opened. */
export function ReportsMenu() {
  const [isOpen, setOpen] = useState(false);
  const asked = useQuery({ ...reportDefinitionsQuery, enabled: isOpen });
  const search = keepScope(useSearch({ strict: false }));
  return (
    <Menu position="bottom-end" offset={4} classNames={{ dropdown: 'pop menu tall' }} onChange={setOpen}>
      <Menu.Target>
        <button type="button" className="btn sm">
          {m.reports_menu()}
          <Icon shape="down" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Answer asked={asked} height={160}>
          {(all) =>
            all
              .toSorted((one, other) => Number(one.kind === 'preset') - Number(other.kind === 'preset'))
              .map(({ id, kind, name }) => (
                <Menu.Item
                  key={id}
                  className="opt"
                  renderRoot={(props) => <Link to={`/reports/${id}`} search={search} {...props} />}
                >
                  {inLanguage(name)} {kind === 'saved' ? <span className="soft small">{m.reports_saved()}</span> : null}
                </Menu.Item>
              ))
          }
        </Answer>
      </Menu.Dropdown>
    </Menu>
  );
}
