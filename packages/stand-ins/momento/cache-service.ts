import { type handleUnaryCall, type Metadata, type Server, status } from '@grpc/grpc-js';
import { cache as generated } from '@gomomento/generated-types';
import { type Cache, type Condition, MAX_TTL_MS } from './cache';
import type { Caches } from './caches';
import { encodeIncrementResponse } from './increment-response';
import { cacheNotFound, StatusError, toStatus } from './status-error';

const { cache_client: messages } = generated;
type Messages = typeof messages;
type Message<Name extends keyof Messages> = Messages[Name] extends new (...args: never[]) => infer Instance
  ? Instance
  : never;

/** A call of the data plane, for {@link RefuseCall}. */
export interface CacheCall {
  /** Name in the gRPC service, such as `SetIf`. */
  readonly method: string;
  readonly cacheName: string;
}

/**
 * The limits whose breach the SDK tells apart (its LimitExceededError): by the `err` metadata, which is the key here, or
 * by words of the status text.
 */
const LIMIT_TEXTS = {
  operations_rate_limit_exceeded: 'Too many operations',
  throughput_rate_limit_exceeded: 'Too much throughput',
  request_size_limit_exceeded: 'Request limit exceeded',
  item_size_limit_exceeded: 'Item size limit exceeded',
} as const;

export type ExceededLimit = keyof typeof LIMIT_TEXTS;

/** Says which limit a call exceeds; it is then refused and nothing is written. */
export type RefuseCall = (call: CacheCall) => ExceededLimit | undefined;

const definition = {
  ...messages.UnimplementedScsService.definition,
  Increment: {
    ...messages.UnimplementedScsService.definition.Increment,
    responseSerialize: encodeIncrementResponse,
  },
};

const MISS = new messages._GetResponse({ result: messages.ECacheResult.Miss });
const SET = new messages._SetResponse({ result: messages.ECacheResult.Ok });
const DELETED = new messages._DeleteResponse();

/** Serves the calls on single items. Collections, batches and hashes are answered UNIMPLEMENTED with the method's name. */
export function addCacheService(server: Server, caches: Caches, refuse: RefuseCall | undefined): void {
  const unary =
    <Request, Response>(
      method: string,
      answer: (cache: Cache, request: Request) => Response,
    ): handleUnaryCall<Request, Response> =>
    (call, callback) => {
      try {
        const response = answer(admit(method, call.metadata), call.request);
        caches.journal?.flush(); // before anybody learns of what was written
        callback(null, response);
      } catch (error) {
        callback(toStatus(error));
      }
    };
  const admit = (method: string, metadata: Metadata): Cache => {
    const cacheName = metadata.get('cache').join();
    const limit = refuse?.({ method, cacheName });
    if (limit !== undefined) throw new StatusError(status.RESOURCE_EXHAUSTED, LIMIT_TEXTS[limit], limit);
    const cache = caches.get(cacheName);
    if (!cache) throw cacheNotFound(cacheName);
    return cache;
  };

  server.addService(definition, {
    Get: unary('Get', (cache, { cache_key }: Message<'_GetRequest'>) => {
      const cache_body = cache.get(cache_key);
      return cache_body === undefined
        ? MISS
        : new messages._GetResponse({ result: messages.ECacheResult.Hit, cache_body });
    }),
    Set: unary('Set', (cache, request: Message<'_SetRequest'>) => {
      cache.set(request.cache_key, request.cache_body, ttlMs(request.ttl_milliseconds));
      return SET;
    }),
    SetIf: unary('SetIf', (cache, request: Message<'_SetIfRequest'>) => {
      const { cache_key, cache_body, ttl_milliseconds } = request;
      const stored = cache.setIf(cache_key, cache_body, ttlMs(ttl_milliseconds), conditionOf(request));
      return stored
        ? new messages._SetIfResponse({ stored: new messages._SetIfResponse._Stored() })
        : new messages._SetIfResponse({ not_stored: new messages._SetIfResponse._NotStored() });
    }),
    SetIfNotExists: unary('SetIfNotExists', (cache, request: Message<'_SetIfNotExistsRequest'>) => {
      const { cache_key, cache_body, ttl_milliseconds } = request;
      return cache.setIf(cache_key, cache_body, ttlMs(ttl_milliseconds), { if: 'absent' })
        ? new messages._SetIfNotExistsResponse({ stored: new messages._SetIfNotExistsResponse._Stored() })
        : new messages._SetIfNotExistsResponse({ not_stored: new messages._SetIfNotExistsResponse._NotStored() });
    }),
    Increment: unary('Increment', (cache, request: Message<'_IncrementRequest'>) => {
      const { cache_key, amount, ttl_milliseconds } = request;
      // The generated types have rounded it by now.
      if (!Number.isSafeInteger(amount)) {
        throw new StatusError(status.INVALID_ARGUMENT, 'amounts beyond 2^53-1 are not supported by this stand-in');
      }
      return cache.increment(cache_key, BigInt(amount), ttlMs(ttl_milliseconds));
    }),
    Delete: unary('Delete', (cache, { cache_key }: Message<'_DeleteRequest'>) => {
      cache.delete(cache_key);
      return DELETED;
    }),
    KeysExist: unary(
      'KeysExist',
      (cache, { cache_keys }: Message<'_KeysExistRequest'>) =>
        new messages._KeysExistResponse({ exists: cache_keys.map((key) => cache.has(key)) }),
    ),
    ItemGetTtl: unary('ItemGetTtl', (cache, { cache_key }: Message<'_ItemGetTtlRequest'>) => {
      const remaining_ttl_millis = cache.remainingTtlMs(cache_key);
      return remaining_ttl_millis === undefined
        ? new messages._ItemGetTtlResponse({ missing: new messages._ItemGetTtlResponse._Missing() })
        : new messages._ItemGetTtlResponse({
            found: new messages._ItemGetTtlResponse._Found({ remaining_ttl_millis }),
          });
    }),
    UpdateTtl: unary('UpdateTtl', (cache, request: Message<'_UpdateTtlRequest'>) => updateTtl(cache, request)),
  });
}

function updateTtl(cache: Cache, request: Message<'_UpdateTtlRequest'>): Message<'_UpdateTtlResponse'> {
  const result = ((): ReturnType<Cache['updateTtl']> => {
    switch (request.update_ttl) {
      case 'overwrite_to_milliseconds':
        return cache.updateTtl(request.cache_key, 'overwrite', ttlMs(request.overwrite_to_milliseconds));
      case 'increase_to_milliseconds':
        return cache.updateTtl(request.cache_key, 'increase', ttlMs(request.increase_to_milliseconds));
      case 'decrease_to_milliseconds':
        return cache.updateTtl(request.cache_key, 'decrease', ttlMs(request.decrease_to_milliseconds));
      case 'none':
        throw new StatusError(status.INVALID_ARGUMENT, 'UpdateTtl needs one of overwrite, increase and decrease');
    }
  })();
  switch (result) {
    case 'set':
      return new messages._UpdateTtlResponse({ set: new messages._UpdateTtlResponse._Set() });
    case 'not_set':
      return new messages._UpdateTtlResponse({ not_set: new messages._UpdateTtlResponse._NotSet() });
    case 'missing':
      return new messages._UpdateTtlResponse({ missing: new messages._UpdateTtlResponse._Missing() });
  }
}

/** @throws StatusError for a time that Momento doesn't keep items for: what runs here must run there */
function ttlMs(milliseconds: number): number {
  if (milliseconds <= 0 || milliseconds > MAX_TTL_MS) {
    throw new StatusError(
      status.INVALID_ARGUMENT,
      `TTL must be between 1 ms and ${MAX_TTL_MS} ms, got ${milliseconds} ms`,
    );
  }
  return milliseconds;
}

function conditionOf(request: Message<'_SetIfRequest'>): Condition {
  switch (request.condition) {
    case 'present':
    case 'absent':
      return { if: request.condition };
    case 'equal':
    case 'not_equal':
    case 'present_and_not_equal':
    case 'absent_or_equal':
      return { if: request.condition, value: request[request.condition].value_to_check };
    case 'none':
      throw new StatusError(status.INVALID_ARGUMENT, 'SetIf needs a condition');
  }
}
