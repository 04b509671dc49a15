import { writeFileSync } from 'node:fs';
import { SETTINGS_DOCUMENTS } from '../src/config/settings-documents';

for (const [path, render] of Object.entries(SETTINGS_DOCUMENTS)) writeFileSync(path, render());
