const { transformSync, version } = require('esbuild');

/** Hands TypeScript to Jest as the project is compiled everywhere else: by esbuild, without a check of types. */
module.exports = {
  getCacheKey: (source, file) => `${version}:${file}:${source}`,
  process: (source, file) => {
    const { code, map } = transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      supported: { 'dynamic-import': false }, // Jest has no import() of its own
      sourcefile: file,
      sourcemap: 'external',
    });
    return { code, map };
  },
};
