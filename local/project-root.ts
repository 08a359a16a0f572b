import { packageRoot } from 'template-runtime/worker';

/** The folder of the app's package.json. */
export const projectRoot = (): string => packageRoot(__dirname);
