import { SETTING_CHAPTERS, type SettingDescription } from './settings';

/** The files that are written from the table of settings, by their paths. `npm run generate:settings` writes them. */
export const SETTINGS_DOCUMENTS: Record<string, () => string> = {
  '.env.example': envExample,
  'docs/settings.md': settingsMarkdown,
};

function envExample(): string {
  const lines = [
    '# Settings of Simple Chat. Copy this file to .env and remove the # of what you change.',
    '# Generated from src/config/settings.ts; docs/settings.md has the same as a table.',
  ];
  for (const [title, settings] of Object.entries(SETTING_CHAPTERS)) {
    lines.push('', `# --- ${title} ---`);
    for (const [name, setting] of Object.entries(settings)) {
      lines.push('', `# ${plain(setting)}`, `#${name}=${setting.example ?? valueText(setting)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function settingsMarkdown(): string {
  const lines = [
    '# Settings',
    '',
    'Environment variables, or lines of a file `.env` in the working directory; a variable of the environment wins.',
    'An empty one counts as not set. All problems are told at once at start, which then fails.',
    '',
    'In production (`NODE_ENV=production`) a `JWT_SECRET` of at least 32 random bytes is required, `RATE_LIMITS=off` is',
    'refused, and so is a PostgreSQL that has `fsync` or `synchronous_commit` off.',
    '',
    '*Generated from `src/config/settings.ts` by `npm run generate:settings`.*',
  ];
  for (const [title, settings] of Object.entries(SETTING_CHAPTERS)) {
    lines.push('', `## ${title}`, '', '| variable | default | values | |', '|---|---|---|---|');
    for (const [name, setting] of Object.entries(settings)) {
      const value = setting.docs ?? (valueText(setting) === '' ? 'none' : `\`${valueText(setting)}\``);
      lines.push(`| \`${name}\` | ${value} | ${setting.allowed ?? ''} | ${setting.desc} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function plain({ desc = '', allowed, docs }: SettingDescription): string {
  const sentences = [desc, allowed && `Values: ${allowed}.`, docs && `Default: ${docs}.`];
  return sentences.filter(Boolean).join(' ').replaceAll('`', '');
}

function valueText({ default: value }: SettingDescription): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'object') return value.join(',');
  return String(value ?? '');
}
