import { Menu } from '@mantine/core';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../icon.tsx';

type Choice = { id: string; name: string };

/** A value of a record that is chosen among a few and saved at once. */
export function ChoiceMenu({
  label,
  value,
  choices,
  isSaving,
  onChoose,
}: {
  label: string;
  value: Choice | null;
  choices: readonly Choice[];
  isSaving: boolean;
  onChoose: (choice: Choice | null) => void;
}) {
  return (
    <Menu position="bottom-start" offset={4} classNames={{ dropdown: 'pop menu tall' }}>
      <Menu.Target>
        <button type="button" className="btn" disabled={isSaving}>
          <span className="q">{label}</span> <span className="v">{value?.name ?? m.record_none()}</span>
          <Icon shape="down" />
        </button>
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>
        {[null, ...choices].map((choice) => (
          <Menu.Item
            key={choice?.id ?? ''}
            className="opt"
            role="menuitemradio"
            aria-checked={(choice?.id ?? null) === (value?.id ?? null)}
            onClick={() => onChoose(choice)}
          >
            {choice?.name ?? m.record_none()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
