import { Menu, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSignOut, useWho } from '../api/who.ts';
import { m } from '../paraglide/messages.js';
import { getLocale, setLocale } from '../paraglide/runtime.js';
import { Icon } from '../ui/icon.tsx';
import { areKeysOn, setKeysOn } from './keys.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export const themeName = {
  auto: () => m.theme_auto(),
  light: () => m.theme_light(),
  dark: () => m.theme_dark(),
} as const;
export const languages = [
  ['en', 'English'],
  ['nb', 'Norsk'],
] as const;

/** Theme, language, keys, and the way out. */
export function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [keysOn, setOn] = useState(areKeysOn);
  const who = useWho();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const initials = initialsOf(who?.name);
  const toggleKeys = (): void => {
    setKeysOn(!keysOn);
    setOn(!keysOn);
  };
  return (
    <Menu position="bottom-end" offset={4} closeOnItemClick={false} classNames={{ dropdown: 'pop menu' }}>
      <Menu.Target>
        <button type="button" className="btn quiet" aria-label={m.account_name({ initials })}>
          {initials}
          <Icon shape="down" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{m.account_theme()}</Menu.Label>
        {themes.map((theme) => (
          <Menu.RadioItem
            value={theme}
            key={theme}
            className="opt"
            checkIcon={null}
            checked={colorScheme === theme}
            onChange={() => setColorScheme(theme)}
          >
            {themeName[theme]()}
          </Menu.RadioItem>
        ))}
        <Menu.Label>{m.account_language()}</Menu.Label>
        {languages.map(([locale, name]) => (
          <Menu.RadioItem
            value={locale}
            key={locale}
            className="opt"
            checkIcon={null}
            lang={locale}
            checked={getLocale() === locale}
            onChange={() => void setLocale(locale)}
          >
            {name}
          </Menu.RadioItem>
        ))}
        <Menu.Label>{m.account_keyboard()}</Menu.Label>
        <Menu.CheckboxItem className="opt" checkIcon={null} checked={keysOn} onChange={toggleKeys}>
          {m.account_single_keys()}
        </Menu.CheckboxItem>
        <Menu.Item className="opt" closeMenuOnClick onClick={onHelp}>
          {m.account_help()} <kbd>?</kbd>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item className="opt" closeMenuOnClick onClick={() => void navigate({ to: '/settings/devices' })}>
          {m.devices_title()}
        </Menu.Item>
        <Menu.Item className="opt" closeMenuOnClick onClick={() => void navigate({ to: '/settings' })}>
          {m.nav_settings()}
        </Menu.Item>
        <Menu.Item className="opt" closeMenuOnClick onClick={() => void signOut()}>
          {m.account_sign_out()}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function initialsOf(name: string | undefined): string {
  if (name === undefined) return m.account_short();
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.[0] ?? '')
    .join('')
    .toUpperCase();
}
