import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver } from '@mantine/core';

/** Mantine in the design's sizes and colours. The tokens in tokens.css hold the values. */
export const theme = createTheme({
  primaryColor: 'spring',
  primaryShade: { light: 8, dark: 4 },
  autoContrast: true,
  // No motion where the system asks for none.
  respectReducedMotion: true,
  black: '#16322b',
  defaultRadius: 7,
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '0.9375rem', xl: '1.1875rem' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  // What locks the page's scrolling writes a style without a nonce; app.css does it instead.
  components: {
    // A header in a dialog is no banner of the page.
    Modal: { defaultProps: { lockScroll: false, attributes: { header: { role: 'none' } } } },
    Drawer: { defaultProps: { lockScroll: false, attributes: { header: { role: 'none' } } } },
  },
  colors: {
    spring: [
      '#e9f7f2',
      '#d3eee5',
      '#a9e0cf',
      '#7cd3bb',
      '#4fd1b0',
      '#2fb997',
      '#1fa383',
      '#139074',
      '#0b7a63',
      '#086350',
    ],
  },
});

const variables = {
  '--mantine-color-body': 'var(--paper)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--soft)',
  '--mantine-color-default': 'var(--card)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-error': 'var(--warn)',
};

/** Both worlds follow one switch: Mantine's variables are the design's. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: { '--mantine-line-height': '1.45' },
  light: variables,
  dark: variables,
});
