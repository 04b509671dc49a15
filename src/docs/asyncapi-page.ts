import type { AsyncApiDocument, AsyncApiMessage } from './asyncapi-document';
import { escapeHtml, page } from './page';

/** The WebSocket protocol as a page, made from its AsyncAPI document. */
export function asyncApiPage({ info, channels, components }: AsyncApiDocument): string {
  const messages = Object.entries(components.messages);
  const ofSide = (side: string) =>
    messages.filter(([key]) => key.startsWith(`${side}_`)).map(([, message]) => describeMessage(message));
  const doors = Object.values(channels).map(
    ({ address, description }) =>
      `<h3><code>/api/v1${escapeHtml(address)}</code></h3><p>${prose(description)}</p>`,
  );
  return page(
    `${info.title}: WebSocket`,
    `<h1>${escapeHtml(info.title)}: WebSocket</h1>
<p>Version ${escapeHtml(info.version)} · <a href="/asyncapi.json">asyncapi.json</a></p>
${info.description
  .split('\n\n')
  .map((paragraph) => `<p>${prose(paragraph).replaceAll('\n- ', '<br>')}</p>`)
  .join('\n')}
<h2>Doors</h2>
${doors.join('\n')}
<h2>From client to server</h2>
${ofSide('client').join('\n')}
<h2>From server to client</h2>
${ofSide('server').join('\n')}`,
  );
}

function describeMessage({ name, title, summary, examples }: AsyncApiMessage): string {
  const example = JSON.stringify(examples[0]?.payload, null, 2);
  return `<h3><code>${escapeHtml(name)}</code></h3>
<p>${prose(title)}${summary ? `<br>${prose(summary)}` : ''}</p>
<pre>${escapeHtml(example)}</pre>`;
}

/** Text in which back quotes mark code. */
function prose(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}
