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
};

export function nameOfMeasure(name: string): string {
  return measureName[name as Measure]?.() ?? name;
}

export function nameOfDimension(name: string): string {
  return dimensionName[name as Dimension]?.() ?? name;
}
