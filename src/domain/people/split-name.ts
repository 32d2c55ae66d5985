/** What stands after a name and a comma without being a part of it: degrees, generations, titles, posts, firms. */
const suffix =
  /^(?:ph\.?\s?d|m\.?\s?d|m\.?\s?sc|b\.?\s?sc|m\.?\s?a|b\.?\s?a|mba|emba|llm|llb|dphil|edd|dds|rn|cpa|cfa|pmp|esq|jr|sr|i{2,3}|iv|dr|prof|professor|siv\.?\s?ing|dipl\.?\s?ing|ing|cand\.?\s?\w+|mag|msc?|bsc?|c[a-z]o|vp|founder|co-founder|owner|partner|manager|director|(?:daglig )?leder|direkt(?:ør|or|ör)|vd|geschäftsführer(?:in)?|.+ (?:as|asa|ab|aps|oy|gmbh|ag|ltd|llc|inc|bv|b\.v|sarl|sas))\.?$/iu;

/** Words that stand between a first name and a surname, and belong to the surname. */
const particle = /^(?:van|von|vom|zu|zur|de|der|den|del|della|di|da|dos|du|la|le|ten|ter|te|af|av|bin|al|el|y|e)$/iu;

/**
 * A full name as first and last name: split at the last space, or at the comma where the surname comes first
 * (`Nordmann, Kari`, `van der Berg, Jan`). Degrees and the like after a comma are left out.
 */
export function splitName(fullName: string): { firstName: string | null; lastName: string | null } {
  const [head, ...tail] = fullName.split(',').map((part) => part.trim());
  const parts = [head!, ...tail.filter((part) => part !== '' && !suffix.test(part))].filter((part) => part !== '');
  const [first = fullName, second] = parts;
  if (parts.length === 2 && isSurname(first) && isFirstName(second!)) return { firstName: second!, lastName: first };
  const name = parts.length > 1 ? fullName : first;
  const space = name.lastIndexOf(' ');
  return space === -1
    ? { firstName: name, lastName: null }
    : { firstName: name.slice(0, space), lastName: name.slice(space + 1) };
}

/** At most two words beside particles: `Nordmann`, `Hansen Berg`, `van der Berg`. */
function isSurname(text: string): boolean {
  const words = text.split(' ').filter((word) => !particle.test(word));
  return words.length > 0 && words.length <= 2 && words.every(isNameWord);
}

/** At most three words, of which none is a legal form or a sentence's. */
function isFirstName(text: string): boolean {
  const words = text.split(' ');
  return words.length <= 3 && words.every(isNameWord);
}

function isNameWord(word: string): boolean {
  return /^\p{L}[\p{L}\p{M}.'’-]*$/u.test(word);
}
