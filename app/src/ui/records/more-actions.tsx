import { Menu } from '@mantine/core';
import { Icon } from '../icon.tsx';

type Action = { label: string; onChoose: () => void; isDangerous?: boolean };

/** Actions of a record: buttons on a desk, behind one button on a phone. */
export function MoreActions({ label, actions }: { label: string; actions: Action[] }) {
  return (
    <>
      {actions.map(({ label: name, onChoose, isDangerous }) => (
        <button key={name} type="button" className={isDangerous ? 'btn danger desk' : 'btn desk'} onClick={onChoose}>
          {name}
        </button>
      ))}
      <Menu position="bottom-end" offset={4} classNames={{ dropdown: 'pop menu' }}>
        <Menu.Target>
          <button type="button" className="btn phone" aria-label={label}>
            <Icon shape="more" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {actions.map(({ label: name, onChoose, isDangerous }) => (
            <Menu.Item key={name} className={isDangerous ? 'opt danger' : 'opt'} onClick={onChoose}>
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
