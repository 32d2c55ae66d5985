import sources from '../../assets/sources.json' with { type: 'json' };

/** Every host and app that the table of sources names, as the referrer of a visit has it; `name.*` in one country. */
export const sourceHosts: string[] = Object.values(sources.categories).flatMap(({ hosts }) =>
  hosts.split('\n').flatMap((group) =>
    group
      .slice(group.indexOf('>') + 1)
      .split(' ')
      .filter(Boolean)
      .map((pattern) =>
        pattern.startsWith('@')
          ? `android-app://${pattern.slice(1)}`
          : pattern.replace(/^\*\./, 'below.').replace(/\.\*$/, '.no'),
      ),
  ),
);
