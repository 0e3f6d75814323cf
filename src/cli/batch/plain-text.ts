/** Ids and reasons come from outside: nothing of them that a terminal would obey, or that turns the direction of what follows. */
export const plainText = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
