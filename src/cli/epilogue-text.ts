import type { DocumentEnd } from '../client/document-end.js';
import type { DocumentLabel } from './events.js';
import { receiptOf } from './receipt-of.js';
import { receiptText, resultText } from './result-text.js';
import type { Epilogue } from './view.js';

/** Values, sections, receipt and files: what is shown once when a document has ended. */
export function epilogueText(document: DocumentLabel, end: DocumentEnd, { cost, files }: Epilogue): string {
  const receipt = receiptOf(end);
  const parts = [
    end.kind === 'result' ? resultText(end.result) : '',
    receipt === null ? '' : receiptText(receipt, cost),
    files.map((file) => `written ${file}\n`).join(''),
    document.sandbox ? 'All of this came from the sandbox, a local stand-in; no vendor was asked.\n' : '',
  ];
  return `\n${parts.filter((part) => part !== '').join('\n')}\n`;
}
