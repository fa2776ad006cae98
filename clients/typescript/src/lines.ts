import { within } from './within.js';

/** Characters of a line, or of an event of the stream, beyond which its end is not awaited. */
export const FRAME_MAX = 16 * 1024 * 1024;

/** The lines of an answer without their ends, as they come; it is aborted when none comes for `silenceMs`, and fails beyond FRAME_MAX. */
export async function* lines(response: Response, silenceMs: number, abort: AbortController): AsyncGenerator<string[]> {
  if (!response.body) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for (;;) {
    const { done, value } = await within(silenceMs, abort, reader.read());
    if (done) return;
    const text = decoder.decode(value, { stream: true });
    const end = text.lastIndexOf('\n');
    if (end >= 0) {
      yield (rest + text.slice(0, end)).split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
      rest = '';
    }
    rest += text.slice(end + 1);
    if (rest.length > FRAME_MAX) throw new Error(`a line of more than ${FRAME_MAX} characters`);
  }
}
