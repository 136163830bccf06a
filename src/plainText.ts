/** Names and titles come from strangers and are drawn on pictures, logged and shown to others. */

/** Control characters, line breaks, and the overrides that turn a text's direction around. */
const unwanted = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** One line without control characters; white space is single and trimmed. */
export function plainLine(text: string): string {
  return text.normalize('NFC').replace(unwanted, ' ').replace(/\s+/gu, ' ').trim();
}
