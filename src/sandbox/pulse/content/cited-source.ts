import { type LoadView, mergeViews, type View } from '../../view.js';
import { boxId, citeIn } from './cite.js';
import { placeBlocks } from './place-blocks.js';
import type { Cited } from './values.js';

export interface SavedExtraction {
  id: string;
  load: LoadView;
}

export interface CitedSource extends Cited {
  /** Of the documents, whatever part of them was extracted. */
  totalPages: number;
}

export function citedView(view: View): CitedSource {
  return { ...view, cite: citeIn(placeBlocks(view)) };
}

/** Several extractions as one document; their citations say which one is meant: `<extraction id>-<box id>`. */
export async function citedSource(extractions: readonly SavedExtraction[]): Promise<CitedSource> {
  const views = await Promise.all(extractions.map(({ load }) => load()));
  const [first, ...others] = views;
  if (others.length === 0) return citedView(first!);
  const placed = views.map(placeBlocks);
  const origins = views.flatMap((view, index) => view.pages.map((page) => ({ index, page })));
  return {
    ...mergeViews([first!, ...others]),
    cite(citations) {
      const ids = citations.flatMap((citation) => {
        const { index, page } = origins[citation.page - 1]!;
        const box = boxId(placed[index]!, { ...citation, page });
        return box === null ? [] : [`${extractions[index]!.id}-${box}`];
      });
      return [...new Set(ids)].join(', ');
    },
  };
}
