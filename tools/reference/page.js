// A library in it tries whether it may make code from text: here it may not, and is told so.
globalThis['__zod_globalConfig'] = { jitless: true };
const { createApiReference } = await import('./standalone.esm.js');

// Nothing leaves the host: no proxy, fonts, telemetry, assistant or links to services of others.
createApiReference('#reference', {
  sources: [
    { title: 'Records and reports', slug: 'records', url: 'api/v1/openapi.json', default: true },
    { title: 'Set-up', slug: 'settings', url: 'api/v1/openapi-settings.json' },
  ],
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: '',
  agent: { disabled: true, hideAddApi: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  showToolbar: 'never',
  hideClientButton: true,
  persistAuth: false,
  defaultOpenAllTags: false,
  theme: 'none',
});
