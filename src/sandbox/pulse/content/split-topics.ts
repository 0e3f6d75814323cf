import type { JsonObject } from '../../../jobs/json.js';
import { splitPages } from '../../document/index.js';
import type { View } from '../../view.js';
import { coded } from '../api-error.js';
import type { SplitView } from '../library.js';
import type { SplitConfig } from '../request-fields.js';
import type { PulseSwitches } from '../switches.js';

/** @throws ApiError when a name stands twice: names are the result's keys */
export function checkTopics({ split_input }: SplitConfig): void {
  if (new Set(split_input.map(({ name }) => name)).size < split_input.length) {
    throw coded('REQ_003', 'split_input names must be unique');
  }
}

export function splitOf(view: View, { split_input }: SplitConfig): SplitView {
  const topics = split_input.map(({ name, description }) => ({ name, description: description ?? '' }));
  return { view, sections: splitPages(view.document, topics, { pages: view.pages }) };
}

export function splitOutput(sections: SplitView['sections'], { emptyTopics }: PulseSwitches): JsonObject {
  const shown = sections.filter(({ pages }) => emptyTopics === 'list' || pages.length > 0);
  return { splits: Object.fromEntries(shown.map(({ name, pages }) => [name, pages])) };
}
