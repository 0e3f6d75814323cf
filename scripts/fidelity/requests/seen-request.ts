import type { Seen } from '../../../test/providers/vendor-server.js';

/** What of a request matters to the vendor, by dotted names: neither a client's own headers nor how a body is laid out. */
export type Facts = Record<string, unknown>;

/** @param snakeNames take a form's names for their snake_case twins, as Pulse does */
export async function factsOf({ method, url, headers, body }: Seen, snakeNames: boolean): Promise<Facts> {
  const type = headers['content-type'] ?? '';
  const [path, query] = url.split('?');
  return {
    method,
    path,
    ...flatten('query', Object.fromEntries(new URLSearchParams(query))),
    key: headers['x-api-key'] ?? headers.authorization ?? null,
    type: type.replace(/;.*/, '') || null,
    ...flatten('body', await bodyOf(body, type, snakeNames)),
  };
}

async function bodyOf(body: string, type: string, snakeNames: boolean): Promise<unknown> {
  if (body === '') return undefined;
  if (!type.startsWith('multipart/form-data')) return JSON.parse(body) as unknown;
  const form = await new Response(Buffer.from(body, 'utf8'), { headers: { 'content-type': type } }).formData();
  const fields: [string, unknown][] = [];
  for (const [name, value] of form) {
    const field =
      typeof value === 'string' ? parsed(value) : { name: value.name, type: value.type, text: await value.text() };
    fields.push([snakeNames ? snakeCase(name) : name, field]);
  }
  return Object.fromEntries(fields);
}

/** Objects, lists and flags go as JSON text in a form. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function flatten(name: string, value: unknown): Facts {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { [name]: value };
  const entries = Object.entries(value);
  if (entries.length === 0) return name === 'query' ? {} : { [name]: value };
  return Object.assign({}, ...entries.map(([key, inner]) => flatten(`${name}.${key}`, inner))) as Facts;
}
