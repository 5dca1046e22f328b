/**
 * Server-sent events, read by fetch: EventSource can send neither a body nor a token.
 *
 * @module
 */

/**
 * The events of a stream as they come; undefined for a comment, which says that it lives.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<{event: string, data: any} | undefined>}
 */
export async function* readEvents(body) {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      // An event ends with an empty line; the last part has not arrived whole.
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) yield parseEvent(part);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {string} part */
function parseEvent(part) {
  let event = 'message';
  let data = '';
  for (const line of part.split('\n')) {
    if (line.startsWith('event: ')) event = line.slice(7);
    if (line.startsWith('data: ')) data += line.slice(6);
  }
  return data === '' ? undefined : { event, data: JSON.parse(data) };
}
