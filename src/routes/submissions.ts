import * as z from 'zod';
import type { Api } from '../http/operation.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/paging.ts';
import { dayOrMoment, sentCursor } from '../http/record-inputs.ts';
import { companyReferenceShape, idShape, idText, namedShape, personReferenceShape, timeShape } from '../http/shapes.ts';
import { rawTouchSchema } from '../http/touch-schema.ts';
import { findSubmission, listSubmissions, submittedVia } from '../services/read-submissions.ts';

const submissionSchema = z.object({
  id: idShape,
  form: namedShape.nullable().describe('Null for a chat, a call or an event that another system reported'),
  createdVia: z.enum(submittedVia),
  person: personReferenceShape.nullable(),
  company: companyReferenceShape.nullable(),
  at: timeShape,
  createdPerson: z.boolean(),
  createdCompany: z.boolean(),
  kind: z.enum(['leadCreation', 'conversion']).nullable(),
  touch: rawTouchSchema,
  conversion: rawTouchSchema.nullable().describe('The touch again; null where the submission created the person'),
  fields: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  page: z.string().nullable(),
  selfReported: z.string().nullable(),
  idempotencyConflict: z.boolean(),
});

const submissionsQuery = pageQuery
  .extend({
    formId: z.string().optional(),
    personId: idText.optional(),
    companyId: idText.optional(),
    from: dayOrMoment.optional(),
    to: dayOrMoment.optional(),
  })
  .loose();

/** Submissions: the forms that were accepted, each with the origin in force. */
export function addSubmissionRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/submissions',
      summary: 'Lists submissions, the newest first',
      scope: 'read',
      query: submissionsQuery,
      response: pageOf(submissionSchema),
    },
    async ({ deps, query }) => {
      const { limit, cursor, count, formId, personId, companyId, from, to, ...fields } = query;
      const filter = { formId, personId, companyId, from, to };
      return listSubmissions(deps, { page: { limit, count }, filter, fields, after: decodeCursor(cursor, sentCursor) });
    },
  );

  api.define(
    {
      method: 'get',
      path: '/submissions/:id',
      summary: 'Shows a submission with its whole journey',
      scope: 'read',
      response: submissionSchema.extend({ journey: z.array(rawTouchSchema) }),
    },
    async ({ deps, params }) => findSubmission(deps, { id: params['id']! }),
  );
}
