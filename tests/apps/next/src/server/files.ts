import { readFile } from 'node:fs/promises';
import path from 'node:path';

export const readStored = (name: string) => readFile(path.join('/srv/files', path.normalize(`/${name}`)));
