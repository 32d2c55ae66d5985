import { m } from '../../paraglide/messages.js';
import type { Dimension, Measure } from './report-address.ts';

export const measureName: Record<Measure, () => string> = {
  visits: () => m.measure_visits(),
  leads: () => m.measure_leads(),
  leadsQualified: () => m.measure_qualified(),
  leadsWithDeal: () => m.measure_with_deal(),
  leadToDealRate: () => m.measure_lead_to_deal(),
  deals: () => m.measure_deals(),
  wonDeals: () => m.measure_won_deals(),
  winRate: () => m.measure_win_rate(),
  revenue: () => m.measure_won_revenue(),
  pipeline: () => m.measure_pipeline(),
  cost: () => m.measure_cost(),
  returnOnAdSpend: () => m.measure_return(),
  leadsWon: () => m.measure_leads_won(),
  submissions: () => m.measure_submissions(),
  conversions: () => m.measure_conversions(),
  openDeals: () => m.measure_open_deals(),
  lostDeals: () => m.measure_lost_deals(),
  weightedPipeline: () => m.measure_weighted_pipeline(),
  leadShare: () => m.measure_lead_share(),
  submissionShare: () => m.measure_submission_share(),
  dealShare: () => m.measure_deal_share(),
  visitToLeadRate: () => m.measure_visit_to_lead(),
  leadToQualifiedRate: () => m.measure_lead_to_qualified(),
  leadToWonRate: () => m.measure_lead_to_won(),
  averageWonDeal: () => m.measure_average_won(),
  costPerLead: () => m.measure_cost_per_lead(),
  costPerWonDeal: () => m.measure_cost_per_won(),
  daysToLead: () => m.measure_days_to_lead(),
  daysToDeal: () => m.measure_days_to_deal(),
  daysToWin: () => m.measure_days_to_win(),
};

export const dimensionName: Record<Dimension, () => string> = {
  channel: () => m.dimension_channel(),
  source: () => m.dimension_source(),
  medium: () => m.dimension_medium(),
  campaign: () => m.dimension_campaign(),
  term: () => m.dimension_term(),
  content: () => m.dimension_content(),
  referrerDomain: () => m.dimension_referrer(),
  landingPage: () => m.dimension_landing_page(),
  form: () => m.dimension_form(),
  country: () => m.dimension_country(),
  leadStatus: () => m.dimension_lead_status(),
  createdVia: () => m.dimension_created_via(),
  utmId: () => m.dimension_utm_id(),
  placement: () => m.dimension_placement(),
  owner: () => m.dimension_owner(),
  company: () => m.dimension_company(),
  category: () => m.dimension_category(),
  selfReported: () => m.dimension_said(),
  path: () => m.dimension_path(),
};

export function nameOfMeasure(name: string): string {
  return measureName[name as Measure]?.() ?? name;
}

export function nameOfDimension(name: string): string {
  return dimensionName[name as Dimension]?.() ?? name;
}
