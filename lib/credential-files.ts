/** Credentials made in a third party's console, in the project's root and never committed. */
export interface CredentialFile {
  readonly store: 'momento' | 'tidb';
  readonly file: string;
  /** Stack output with the ARN of the secret that holds it. */
  readonly outputKey: string;
}

export const CREDENTIAL_FILES: { readonly [Store in CredentialFile['store']]: CredentialFile } = {
  momento: { store: 'momento', file: 'momento_key_info.json', outputKey: 'MomentoSecretArn' },
  tidb: { store: 'tidb', file: 'tidb_info.json', outputKey: 'TidbSecretArn' },
};
