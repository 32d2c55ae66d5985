import { storeOriginsSql, storeValuesSql } from '../../fragments/intern-origins.ts';
import { defineStatement } from '../../statement.ts';

/** True only while the settings are of the version that `:version` names. */
export const versionHolds = `(SELECT version FROM settings WHERE id = 1) = :version`;

/**
 * `values`: JSON `[{ field, canonical, label }]`. Harmless where the gate is shut: a value stands for itself alone.
 * @param condition where nothing is stored unless it holds.
 */
export const insertValuesWhere = (condition: string) =>
  defineStatement(storeValuesSql({ values: `(SELECT iif(${condition}, :values, '[]'))`, at: ':at' }));

/** `origins`: JSON, canonical, as `storeOriginsSql` reads it. */
export const insertOriginsWhere = (condition: string) =>
  defineStatement(storeOriginsSql({ origins: ':origins', rest: ` AND ${condition} ON CONFLICT DO NOTHING` }));

export const insertValues = defineStatement(storeValuesSql({ values: ':values', at: ':at' }));
export const insertOrigins = insertOriginsWhere(versionHolds);
