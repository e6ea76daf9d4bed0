/** One message of a stream of server-sent events. */
export interface StreamMessage {
  readonly event: string;
  readonly id: number | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The messages in the text of a stream; an unfinished one at its end is left out. */
export function messagesOf(text: string): StreamMessage[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .flatMap((block): StreamMessage[] => {
      const fields = new Map(
        block.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
      );
      const [event, id, data] = [fields.get('event'), fields.get('id'), fields.get('data')];
      if (event === undefined || data === undefined) return [];
      return [{ event, id: id === undefined ? undefined : Number(id), data: JSON.parse(data) }];
    });
}

/** A stream that is being read. */
export interface OpenStream {
  readonly status: number;
  /** What has arrived so far. */
  readonly messages: () => StreamMessage[];
  /** Leaves, as a browser does that closes its page. */
  readonly leave: () => void;
}

/** Opens a stream with a key and reads it until it ends, or until `leave`. */
export async function openStream(url: string, key: string, lastEventId?: number): Promise<OpenStream> {
  const leaving = new AbortController();
  const { status, body } = await fetch(url, {
    headers: {
      authorization: `Bearer ${key}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    },
    signal: leaving.signal,
  });
  let text = '';
  const read = async () => {
    for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) text += chunk;
  };
  // Leaving breaks the connection.
  read().catch(() => {});
  return { status, messages: () => messagesOf(text), leave: () => leaving.abort() };
}
