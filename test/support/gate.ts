/** Something on its way between a worker and one of its servers. */
export interface Message {
  /** `submit`, `get` … of a vendor; `put` … of a result store; for Temporal the gRPC method (`RecordActivityTaskHeartbeat`). */
  kind: string;
  /** `request`: nothing has been done yet. `reply`: it has been done, and the caller does not know. `half`: half of the body has been passed on. */
  phase: 'request' | 'half' | 'reply';
  /** All that it says so far, path and both bodies, as far as it is text. */
  text: string;
}

/** `drop` breaks the connection; `half` passes half of the body on and asks again; `wrong-key` replaces the caller's key. */
export type Verdict = 'pass' | 'drop' | 'half' | 'wrong-key';

/** Decides about each message that passes a proxy; what it keeps waiting stays where it is. */
export type Gate = (message: Message) => Verdict | Promise<Verdict>;
