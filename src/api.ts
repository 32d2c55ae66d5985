import type { Deps } from './http/deps.ts';
import { Api } from './http/operation.ts';
import { addAliasRoutes } from './routes/aliases.ts';
import { addApiKeyRoutes } from './routes/api-keys.ts';
import { addAttributionRoutes } from './routes/attribution.ts';
import { addBoardRoutes } from './routes/board.ts';
import { addBulkUpdateRoutes } from './routes/bulk-updates.ts';
import { addCategoryRoutes } from './routes/categories.ts';
import { addCompanyRoutes } from './routes/companies.ts';
import { addExplainRoute } from './routes/explain.ts';
import { addFieldRoutes } from './routes/fields.ts';
import { addFormRoutes } from './routes/forms.ts';
import { addLeadStatusRoutes } from './routes/lead-statuses.ts';
import { addLinkRoutes } from './routes/links.ts';
import { addOpenApiRoute } from './routes/openapi.ts';
import { addOwnerRoutes } from './routes/owners.ts';
import { addPeopleRoutes } from './routes/people.ts';
import { addQuarantineRoutes } from './routes/quarantine.ts';
import { addSegmentRoutes } from './routes/segments.ts';
import { addSelectionRoutes } from './routes/selections.ts';
import { addSiteRoutes } from './routes/sites.ts';
import { addSubmissionRoutes } from './routes/submissions.ts';

/** Everything below `/api/v1`. */
export function createApi(deps: Deps): Api {
  const api = new Api(deps);
  addSiteRoutes(api);
  addFormRoutes(api);
  addOwnerRoutes(api);
  addLeadStatusRoutes(api);
  addCategoryRoutes(api);
  addAliasRoutes(api);
  addExplainRoute(api);
  addLinkRoutes(api);
  addPeopleRoutes(api);
  addCompanyRoutes(api);
  addSubmissionRoutes(api);
  addQuarantineRoutes(api);
  addFieldRoutes(api);
  addSegmentRoutes(api);
  addSelectionRoutes(api);
  addBoardRoutes(api);
  addBulkUpdateRoutes(api);
  addAttributionRoutes(api);
  addApiKeyRoutes(api);
  addOpenApiRoute(api);
  return api;
}
