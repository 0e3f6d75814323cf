import { z } from 'zod';
import type { JsonObject } from '../../../jobs/json.js';
import { splitPages } from '../../document/index.js';
import { defineOperation } from '../operation.js';
import { asyncFields, input, parsing } from '../request-fields.js';
import { parseCredits, parseUsage } from '../usage.js';
import type { View } from '../../view.js';

const PER_PAGE = 2;
const EVIDENCE_LENGTH = 120;

const body = z.looseObject({
  ...asyncFields.shape,
  input,
  parsing: parsing.nullish(),
  split_description: z
    .array(z.looseObject({ name: z.string(), description: z.string(), partition_key: z.string().nullish() }))
    .min(1),
  split_rules: z.string().nullish(),
  settings: z.looseObject({ deep_split: z.boolean().nullish(), force_url_result: z.boolean().nullish() }).nullish(),
});

/** Split: each page goes to the topic that it speaks of most. There are no partitions. */
export const split = defineOperation({
  operation: 'split',
  type: 'Split',
  scopes: [],
  asyncBlockOnSync: false,
  body,
  plan({ input, parsing, split_description, settings }) {
    const deep = settings?.deep_split === true;
    return {
      input: {
        input,
        chaining: 'one',
        pages: parsing?.settings?.page_range ?? null,
        chainedPages: null,
        password: parsing?.settings?.document_password ?? null,
      },
      persist: parsing?.settings?.persist_results === true,
      credits: (view) => parseCredits(view, parsing) + PER_PAGE * view.pages.length,
      compute(view) {
        const sections = splitPages(view.document, split_description, { pages: view.pages });
        const result = deep ? deepResult(sections, view) : plainResult(sections);
        return ({ jobId, duration, credits, switches, inlineOrUrl }) => ({
          response_type: 'split',
          job_id: jobId,
          duration,
          usage: parseUsage(view, credits, switches, {
            split_model: deep ? 'Deep Split' : 'Split',
            split_pages: view.pages.length,
          }),
          result: inlineOrUrl(result, settings?.force_url_result === true),
        });
      },
    };
  },
});

type Sections = ReturnType<typeof splitPages>;

function plainResult(sections: Sections): JsonObject {
  return {
    section_mapping: Object.fromEntries(sections.map(({ name, pages }) => [name, pages])),
    splits: sections.map(({ name, pages, confident }) => ({
      name,
      pages,
      conf: confident ? 'high' : 'low',
      partitions: null,
    })),
  };
}

function deepResult(sections: Sections, view: View): JsonObject {
  const evidence = (page: number): string =>
    view.document.pages.find(({ number }) => number === page)?.lines[0]?.text.slice(0, EVIDENCE_LENGTH) ?? '';
  return {
    splits: sections.map(({ name, pages, confident }) => ({
      name,
      pages: pages.map((page) => ({
        page_number: page,
        evidence: evidence(page),
        confidence: confident ? 'high' : 'medium',
      })),
      partitions: null,
    })),
  };
}
