import { sql } from 'drizzle-orm';
import { annotationKinds } from '../../domain/reports/annotation-kinds.ts';
import { annotation } from '../schema/boards.ts';
import { apiKey, site } from '../schema/settings.ts';
import { user } from '../schema/users.ts';
import { namedRecords } from '../segments/named-records.ts';
import { defineList, listField } from './declare-list.ts';

export const annotationList = defineList({
  name: 'annotations',
  from: sql`${annotation} LEFT JOIN ${site} ON ${site.id} = ${annotation.siteId}`,
  key: annotation.id,
  fields: [
    listField.id(annotation.id),
    listField.day('day', ['Day', 'Dag'], annotation.day),
    listField.text('text', ['Text', 'Tekst'], annotation.text),
    listField.reference('site', ['Site', 'Nettsted'], {
      records: namedRecords.site,
      id: sql`coalesce(${site.key}, NULL)`,
      name: site.name,
      ids: 'text',
    }),
    listField.reference('by', ['Written by', 'Skrevet av'], {
      // A user who was deleted is known by what they wrote.
      records: {
        what: 'user',
        table: sql`(SELECT id, name FROM ${user} UNION SELECT user_id, user_name FROM ${annotation})`,
        id: user.id,
        name: user.name,
      },
      id: annotation.userId,
      name: annotation.userName,
    }),
    listField.reference('key', ['API key', 'API-nøkkel'], {
      // A key that was revoked is known by what it wrote.
      records: {
        what: 'API key',
        table: sql`(SELECT id, name FROM ${apiKey} UNION SELECT key_id, key_name FROM ${annotation})`,
        id: apiKey.id,
        name: apiKey.name,
      },
      id: annotation.keyId,
      name: annotation.keyName,
    }),
    listField.boolean('automatic', ['Automatic', 'Automatisk'], annotation.automatic),
    listField.choice('kind', ['Kind', 'Slag'], annotation.kind, annotationKinds),
    listField.moment('createdAt', ['Created', 'Opprettet'], annotation.createdAt),
  ],
  moment: 'day',
  sort: '-day',
});
