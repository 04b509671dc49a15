import { CLOSE_CODES } from '../protocol/close-codes';
import { ERROR_CATALOGUE, ERROR_CODES } from '../protocol/error-codes';
import { ERROR_TABLE } from '../transport/error-table';

/** `docs/errors.md`: every code with what it becomes on the wire. */
export function errorsMarkdown(): string {
  const errors = ERROR_CODES.map((code) => {
    const { status, closeCode } = ERROR_TABLE[code];
    const { message, retryable } = ERROR_CATALOGUE[code];
    return [`\`${code}\``, status, closeCode ?? '', retryable ? 'yes' : '', message];
  });
  const closes = CLOSE_CODES.map(({ code, means, client }) => [code, means, client]);
  return `# Errors

<!-- Generated from the error table by npm run generate:docs. -->

Every error has a code that never changes its meaning: \`code\` in a problem document (REST, and refused upgrades)
and in an \`error\` frame (WebSocket). The close code is the one with which a socket ends if the error ends it; most
errors leave it open. "Retry" says whether the same request may succeed later without being changed.

${table(['Code', 'Status', 'Close code', 'Retry', 'Meaning'], errors)}

## Close codes

${table(['Code', 'Means', 'What a client does'], closes)}
`;
}

function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
