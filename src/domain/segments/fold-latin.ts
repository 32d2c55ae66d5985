/**
 * Capital letters outside ASCII with their small ones, of the languages written in Latin letters around the North Sea and the
 * Baltic and of the larger ones of Europe. The table stands in SQL too, for text that has no folded copy beside it.
 */
export const latinCapitals = 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆČĎĐĒĖĘĚĢĪĮĶĹĻŁŃŅŇŊŌŐŒŔŘŚŠŞŢŤŦŪŮŰŲŸŹŻŽȘȚ';

const capital = new RegExp(`[A-Z${latinCapitals}]`, 'g');

/** A text in small letters, as SQL compares text that has no folded copy: ASCII and `latinCapitals`, all else untouched. */
export function foldLatin(text: string): string {
  return text.replace(capital, (letter) => letter.toLowerCase());
}
