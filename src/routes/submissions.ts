import * as z from 'zod';
import { answerList } from '../http/answer-list.ts';
import type { Api } from '../http/operation.ts';
import { pageOf } from '../http/paging.ts';
import { companyReferenceShape, idShape, namedShape, personReferenceShape, timeShape } from '../http/shapes.ts';
import { rawTouchSchema } from '../http/touch-schema.ts';
import { findSubmission, listSubmissions, submissionList, submittedVia } from '../services/read-submissions.ts';

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

/** Submissions: the forms that were accepted, each with the origin in force. */
export function addSubmissionRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/submissions',
      summary: 'Lists submissions, the newest first',
      scope: 'read',
      list: submissionList,
      response: pageOf(submissionSchema),
    },
    async ({ c, deps, actor, query }) => answerList(c, listSubmissions({ ...deps, viewer: actor }, query)),
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
