// Server-sent events read off a stream of text, however it is cut.

export interface Frame {
  id: string | undefined;
  event: string;
  data: string;
}

/** Takes the next piece, gives the events that are complete with it. */
export function createFrameReader(): (text: string) => Frame[] {
  let rest = '';
  let lines: string[] = [];
  return text => {
    const frames: Frame[] = [];
    const cut = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = cut.pop() ?? '';
    for (const line of cut) {
      if (line !== '') {
        lines.push(line);
        continue;
      }
      const frame = toFrame(lines);
      lines = [];
      if (frame) frames.push(frame);
    }
    return frames;
  };
}

function toFrame(lines: readonly string[]): Frame | undefined {
  const fields = lines.map(line => /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []);
  const of = (field: string) => fields.flatMap(([, name, value = '']) => (name === field ? [value] : []));
  const data = of('data');
  return data.length === 0
    ? undefined
    : { id: of('id').at(-1), event: of('event').at(-1) ?? 'message', data: data.join('\n') };
}
