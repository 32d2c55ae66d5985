/**
 * The version of the built-in rules: channels, sources, click identifiers, placeholder texts, ignored referrers. Raise it by hand when
 * an arrival can get another origin or another channel than before; test/unit/attribution/rules-version.test.ts fails until then.
 * Origins keep the version that they were read by. 0: stored before the rules had a version.
 */
export const rulesVersion = 1;
