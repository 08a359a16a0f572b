#!/usr/bin/env node
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const command = path.join(path.dirname(fileURLToPath(import.meta.url)), 'dist', 'command', 'index.js');
if (existsSync(command)) {
  const { main } = await import(pathToFileURL(command).href);
  await main(process.argv.slice(2));
} else {
  console.error('template-runtime is not built yet: run "npm run build" first');
  process.exitCode = 1;
}
