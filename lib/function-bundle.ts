import path from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { projectRoot } from './project-root';

/**
 * The code of a Lambda function, bundled by esbuild in this process: CDK's own `NodejsFunction` starts a shell and a new
 * esbuild for every function, which takes most of a synth.
 *
 * The AWS SDK is left out: the Lambda runtime provides it.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 *
 * @param entry the TypeScript file that exports `handler`, from the project's root
 */
export function bundleFunction(entry: string): Code {
  const root = projectRoot();
  return Code.fromAsset(path.join(root, 'functions'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the local bundling below either succeeds or throws esbuild's own message.
      image: DockerImage.fromRegistry('public.ecr.aws/sam/build-nodejs24.x'),
      command: [entry], // not run either, but CDK tells bundles of one folder apart by it
      local: {
        tryBundle(outputDirectory) {
          buildSync({
            absWorkingDir: root,
            entryPoints: [entry],
            outfile: path.join(outputDirectory, 'index.js'),
            bundle: true,
            minify: true,
            platform: 'node',
            target: 'node24',
            format: 'cjs',
            external: ['@aws-sdk/*'],
            legalComments: 'none',
            logLevel: 'error',
          });
          return true;
        },
      },
    },
  });
}
