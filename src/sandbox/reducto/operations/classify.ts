import { z } from 'zod';
import { meets, pageWords } from '../criteria.js';
import { apiError } from '../api-error.js';
import { defineOperation } from '../operation.js';
import { asyncFields, input, pageRange } from '../request-fields.js';
import type { View } from '../../view.js';

const CONTEXT_PAGES = 5;
const MOST_PAGES = 25;
const PER_PAGE = 0.5;

const category = z.looseObject({ category: z.string(), criteria: z.array(z.string()) });
const body = z.looseObject({
  ...asyncFields.shape,
  input,
  classification_schema: z.array(category).default([]),
  page_range: pageRange.nullish(),
  priority: z.boolean().nullish(),
  force_url_result: z.boolean().nullish(),
});

/** Classify: the category most of whose criteria the pages meet; a criterion is met when its words stand there. */
export const classify = defineOperation({
  operation: 'classify',
  type: 'Classify',
  scopes: [],
  asyncBlockOnSync: false,
  body,
  plan({ input, classification_schema, page_range, force_url_result }) {
    if (classification_schema.length === 0) {
      throw apiError(422, 'INVALID_SCHEMA', 'classification_schema must have at least one category.');
    }
    const contextOf = (view: View): number[] => view.pages.slice(0, page_range == null ? CONTEXT_PAGES : MOST_PAGES);
    return {
      input: { input, chaining: 'none', pages: page_range ?? null, chainedPages: null, password: null },
      persist: false,
      credits: (view) => PER_PAGE * contextOf(view).length,
      compute(view) {
        const pages = contextOf(view);
        const words = pageWords(view.document, pages);
        const categories = classification_schema.map(({ category, criteria }) => {
          const met = criteria.map((criterion) => ({ criterion, met: meets(words, criterion) }));
          return {
            category,
            confidence: met.length === 0 ? 0 : met.filter((one) => one.met).length / met.length,
            criteria_confidence: met.map((one) => ({ criterion: one.criterion, confidence: one.met ? 'high' : 'low' })),
          };
        });
        const best = categories.reduce((a, b) => (b.confidence > a.confidence ? b : a));
        return ({ jobId, duration, credits, switches: { pricing }, inlineOrUrl }) => ({
          response_type: 'classify',
          job_id: jobId,
          result: inlineOrUrl({ category: best.category }, force_url_result === true),
          response_confidence: { categories },
          usage: {
            num_pages: pages.length,
            num_categories: categories.length,
            ...(pricing === 'credits'
              ? { credits }
              : { credits: null, usage_breakdown: { classify_model: 'Classify', classify_pages: pages.length } }),
          },
          duration,
        });
      },
    };
  },
});
