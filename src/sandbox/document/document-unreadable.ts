export type DocumentUnreadableCode =
  'DOCUMENT_PASSWORD_PROTECTED' | 'DOCUMENT_CORRUPT' | 'DOCUMENT_EMPTY' | 'DOCUMENT_UNSUPPORTED';

/** Why a document could not be read. `message` is one sentence without document text. */
export class DocumentUnreadable extends Error {
  override readonly name = 'DocumentUnreadable';
  readonly code: DocumentUnreadableCode;

  constructor(code: DocumentUnreadableCode, message: string) {
    super(message);
    this.code = code;
  }
}
