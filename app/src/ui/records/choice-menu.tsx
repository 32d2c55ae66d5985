import { Menu } from '@mantine/core';
import { Icon } from '../icon.tsx';

type Choice = { id: string; name: string };

/** A value of a record that is chosen among a few and saved at once. */
export function ChoiceMenu({
  label,
  none,
  value,
  choices,
  isSaving,
  onChoose,
}: {
  label: string;
  /** The word for no value; without it, a value must be chosen. */
  none?: string;
  value: Choice | null;
  choices: readonly Choice[];
  isSaving: boolean;
  onChoose: (choice: Choice | null) => void;
}) {
  return (
    <Menu position="bottom-start" offset={4} classNames={{ dropdown: 'pop menu tall' }}>
      <Menu.Target>
        <button type="button" className="btn" disabled={isSaving}>
          <span className="q">{label}</span> <span className="v">{value?.name ?? none ?? ''}</span>
          <Icon shape="down" />
        </button>
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>
        {[...(none === undefined ? [] : [null]), ...choices].map((choice) => (
          <Menu.RadioItem
            value={choice?.id ?? ''}
            closeMenuOnClick
            key={choice?.id ?? ''}
            className="opt"
            checkIcon={null}
            checked={(choice?.id ?? null) === (value?.id ?? null)}
            onChange={() => onChoose(choice)}
          >
            {choice?.name ?? none}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
