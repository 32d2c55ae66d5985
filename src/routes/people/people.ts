import * as z from 'zod';
import { maxClickIds } from '../../domain/attribution/click-ids.ts';
import { utmFields } from '../../domain/attribution/origin-fields.ts';
import { answerList } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import { readItemsById } from '../../http/items-by-id.ts';
import { showHostsIn } from '../../domain/hosts/shown-hosts.ts';
import { answerJson } from '../../http/operation.ts';
import { changedBy } from '../../http/changed-by.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { recordByName } from '../../domain/attribution/origin-field-names.ts';
import { addressText, dayOrMoment, recordText, refuseBoth } from '../../http/record-inputs.ts';
import { emailText, idShape, idText, namedShape, timeShape, undoShape } from '../../http/shapes.ts';
import { clickIdSchema, rawTouchSchema, touchSchema } from '../../http/touch-schema.ts';
import { erasePerson } from '../../services/people/erase-people.ts';
import { exportPerson } from '../../services/people/export-person.ts';
import {
  listMerges,
  mergePeople,
  previewPersonMerge,
  personMergeList,
  readMerge,
  undoMerge,
} from '../../services/people/merge-people.ts';
import { listPeople, peopleList, readJourney, readPeopleOf, readPerson } from '../../services/people/read-people.ts';
import { storePeople } from '../../services/capture/store-people.ts';
import { createdVia } from '../../domain/capture/created-via.ts';
import { updatePerson } from '../../services/people/update-person.ts';

const maxLeads = 1_000;
const maxTouches = 500;
/** A thousand leads with a journey each. */
const maxLeadsBytes = 16 * 1024 * 1024;

const consentShape = z.object({
  purpose: z.string(),
  text: z.string().nullable(),
  at: timeShape,
  form: namedShape.nullable(),
});

const personSchema = z.object({
  id: idShape,
  email: z.string().nullable().describe('E-mail address; null: phone only'),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  phone: z.string().nullable().describe('Phone: E.164, or as sent'),
  title: z.string().nullable(),
  country: z.string().nullable(),
  company: z.object({ id: idShape, name: z.string(), domain: z.string().nullable() }).nullable(),
  owner: namedShape.nullable(),
  leadStatus: namedShape.nullable(),
  createdVia: z.enum(createdVia),
  createdByForm: namedShape.nullable(),
  createdAt: timeShape,
  firstTouch: touchSchema,
  leadCreation: touchSchema,
  latestConversion: touchSchema.nullable(),
  clickIds: z
    .array(clickIdSchema.extend({ at: timeShape, decided: z.boolean() }))
    .describe('Newest click id of each name'),
  submissionCount: z.number().int(),
  consents: z.array(consentShape),
  consentRequests: z.array(consentShape).describe('Not confirmed yet: not given'),
});

const journeyTouchSchema = rawTouchSchema.extend({
  id: idShape,
  points: z.array(z.enum(['firstTouch', 'leadCreation', 'conversion'])),
  submissionIds: z.array(z.string()),
});

const mergeSchema = z.object({
  id: idShape,
  person: z.object({ id: idShape }),
  removedPerson: z.object({ id: idShape, email: z.string().nullable() }),
  at: timeShape,
  undoneAt: timeShape.nullable(),
  ...undoShape,
});

const mergePreviewSchema = z.object({
  person: personSchema.omit({
    latestConversion: true,
    clickIds: true,
    submissionCount: true,
    consents: true,
    consentRequests: true,
  }),
  moved: z.object({ submissions: z.number().int(), deals: z.number().int(), consents: z.number().int() }),
});

const givenClickId = z.strictObject({
  name: z.string().trim().min(1).max(50),
  value: z.string().trim().min(1).max(512),
});

const givenTouch = z.strictObject({
  at: dayOrMoment,
  url: addressText.optional(),
  referrer: addressText.optional(),
  ...recordByName(utmFields, () => recordText.optional()),
  clickId: givenClickId.nullable().optional(),
  clickIds: z.array(givenClickId).max(maxClickIds, `must hold at most ${maxClickIds} click ids`).optional(),
  landingPage: addressText.optional(),
  referrerDomain: recordText.optional(),
});

const details = {
  firstName: recordText.optional(),
  lastName: recordText.optional(),
  phone: recordText.optional(),
  title: recordText.optional(),
  country: recordText.optional(),
  ownerId: idText.nullable().optional(),
};

const newPerson = z
  .strictObject({
    email: z.string().max(2_000).nullable().optional().describe('E-mail address; else phone'),
    ...details,
    company: z
      .strictObject({
        name: recordText.optional(),
        domain: recordText.optional(),
        registrationNumber: recordText.optional(),
      })
      .nullable()
      .optional(),
    leadStatusId: idText.nullable().optional(),
    leadStatus: z.string().max(200).nullable().optional().describe('Name of a lead status'),
    createdVia: z.enum(createdVia).default('api'),
    createdAt: dayOrMoment.optional(),
    siteId: z.string().max(60).nullable().optional(),
    page: addressText.optional(),
    referrer: addressText.optional(),
    journey: z.array(givenTouch).max(maxTouches, `must have at most ${maxTouches} touches`).optional(),
  })
  .refine(...refuseBoth('leadStatusId', 'leadStatus'));

const personChanges = z
  .strictObject({
    email: emailText.nullable().optional(),
    ...details,
    companyId: idText.nullable().optional(),
    leadStatusId: idText.optional(),
    leadStatus: z.string().max(200).optional().describe('Name of a lead status'),
  })
  .refine(...refuseBoth('leadStatusId', 'leadStatus'));

/** People: leads and contacts, whoever sent a form or was brought from elsewhere. */
export function addPeopleRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/people',
      summary: 'Lists people',
      scope: 'read',
      list: peopleList,
      response: pageOf(personSchema),
    },
    async ({ c, deps, actor, query }) => answerList(c, listPeople({ ...deps, viewer: actor }, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/people',
      summary: 'Adds a person; 200 where known',
      scope: 'write',
      body: newPerson,
      response: personSchema,
      status: 201,
    },
    async ({ c, deps, actor, body }) => {
      const [stored] = await storePeople(changedBy(deps, actor, 'import'), { leads: [body], locationOf: () => 'body' });
      const person = await readPerson(deps, { id: stored!.id });
      c.header('cache-control', 'no-store');
      if (stored!.created) c.header('location', `/api/v1/people/${person.id}`);
      return answerJson(c, person, stored!.created ? 201 : 200);
    },
  );

  api.define(
    {
      method: 'put',
      path: '/people',
      summary: `Takes up to ${maxLeads} leads, all or none`,
      scope: 'write',
      body: z.strictObject({ items: z.array(newPerson).max(maxLeads, `must hold at most ${maxLeads} leads`) }),
      maxBodyBytes: maxLeadsBytes,
      readItems: async (deps, items) => readItemsById(items, async (ids) => readPeopleOf(deps, ids)),
      response: z.object({ items: z.array(z.object({ id: idShape, created: z.boolean() })) }),
    },
    async ({ deps, actor, body }) => {
      const stored = await storePeople(changedBy(deps, actor, 'import'), {
        leads: body.items,
        locationOf: (index) => `body.items[${index}]`,
      });
      return { items: stored.map(({ id, created }) => ({ id: String(id), created })) };
    },
  );

  api.define(
    {
      method: 'get',
      path: '/people/:id',
      summary: 'Shows a person',
      scope: 'read',
      response: personSchema,
    },
    async ({ deps, params }) => readPerson(deps, { id: parseId(params['id'], 'person') }),
  );

  api.define(
    {
      method: 'patch',
      path: '/people/:id',
      summary: 'Changes a person',
      scope: 'write',
      body: personChanges,
      response: personSchema,
    },
    async ({ deps, actor, params, body }) =>
      updatePerson(changedBy(deps, actor), { id: parseId(params['id'], 'person'), changes: body }),
  );

  api.define(
    {
      method: 'delete',
      path: '/people/:id',
      summary: 'Erases a person; totals stay',
      scope: 'write',
      status: 204,
    },
    async ({ deps, params }) => erasePerson(deps, { id: parseId(params['id'], 'person') }),
  );

  api.define(
    {
      method: 'get',
      path: '/people/:id/journey',
      summary: 'Shows the touches of a person',
      scope: 'read',
      response: pageOf(journeyTouchSchema),
    },
    async ({ deps, params }) => {
      const items = await readJourney(deps, { id: parseId(params['id'], 'person') });
      return { items, nextCursor: null };
    },
  );

  api.define(
    {
      method: 'get',
      path: '/people/:id/export',
      summary: 'Exports all about a person',
      scope: 'read',
      produces: 'application/json',
    },
    async ({ c, deps, params }) => {
      const id = parseId(params['id'], 'person');
      const file = await exportPerson(deps, { id });
      return c.body(JSON.stringify(showHostsIn(file), null, 2), 200, {
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': `attachment; filename="person-${id}.json"`,
        'cache-control': 'no-store',
      });
    },
  );

  api.define(
    {
      method: 'post',
      path: '/people/:id/merge',
      summary: 'Merges another person into this one',
      scope: 'write',
      audit: true,
      body: z.strictObject({
        otherId: idText,
        dryRun: z.boolean().default(false).describe('Whether to store nothing'),
      }),
      madeAt: '/people/merges',
      response: z.union([mergeSchema, mergePreviewSchema]),
      status: 201,
    },
    async ({ c, deps, actor, params, body: { otherId, dryRun } }) => {
      const pair = { id: parseId(params['id'], 'person'), otherId };
      if (!dryRun) return mergePeople(changedBy(deps, actor, 'merge'), pair);
      c.header('cache-control', 'no-store');
      return answerJson(c, await previewPersonMerge(deps, pair));
    },
  );

  api.define(
    {
      method: 'get',
      path: '/people/:id/merges',
      summary: 'Lists merges of a person',
      scope: 'read',
      list: personMergeList,
      response: pageOf(mergeSchema),
    },
    async ({ c, deps, params, query }) =>
      answerList(c, listMerges(deps, { id: parseId(params['id'], 'person'), query })),
  );

  api.define(
    { method: 'get', path: '/people/merges/:mergeId', summary: 'Shows a merge', scope: 'read', response: mergeSchema },
    async ({ deps, params }) => readMerge(deps, { mergeId: parseId(params['mergeId'], 'merge') }),
  );

  api.define(
    {
      method: 'post',
      path: '/people/merges/:mergeId/undo',
      summary: 'Undoes a merge',
      scope: 'write',
      audit: true,
      response: mergeSchema,
    },
    async ({ deps, actor, params }) =>
      undoMerge(changedBy(deps, actor, 'merge'), { mergeId: parseId(params['mergeId'], 'merge') }),
  );
}
