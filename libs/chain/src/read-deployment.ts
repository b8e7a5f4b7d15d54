import { readFileSync } from 'node:fs';
import { Deployment } from './deployment.js';

export const readDeployment = (path: string): Deployment => Deployment.parse(JSON.parse(readFileSync(path, 'utf8')));
