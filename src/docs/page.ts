const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f}
code,pre{font:14px/1.4 ui-monospace,monospace;background:#f4f4f6;border-radius:4px}
code{padding:.1em .3em}pre{padding:.8em;overflow:auto}h2{margin-top:2.5rem}h3{margin-bottom:.2rem}`;

/** A small page of ours; `body` is trusted HTML. */
export function page(title: string, body: string, { style = STYLE }: { style?: string } = {}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
