/** What Kilde annotates by itself. Each kind has values of its own (docs/dashboards.md), by which an app can word it in any language. */
export const annotationKinds = [
  'correctionAdded',
  'correctionDeleted',
  'reclassificationStarted',
  'reclassificationUndone',
  'lookBackChanged',
  'consentChanged',
  'utmTrackingChanged',
  'timeZoneChanged',
  'channelRulesChanged',
  'formOpened',
  'formClosed',
  'formDeleted',
] as const;
export type AnnotationKind = (typeof annotationKinds)[number];
