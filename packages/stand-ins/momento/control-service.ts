import { type handleUnaryCall, type Server, status } from '@grpc/grpc-js';
import { control } from '@gomomento/generated-types';
import type { Caches } from './caches';
import { cacheNotFound, StatusError, toStatus } from './status-error';

const { control_client: messages } = control;

/** Serves the calls that make, list and delete caches. What isn't listed here is answered UNIMPLEMENTED with its name. */
export function addControlService(server: Server, caches: Caches): void {
  const unary =
    <Request, Response>(answer: (request: Request) => Response): handleUnaryCall<Request, Response> =>
    (call, callback) => {
      try {
        const response = answer(call.request);
        caches.journal?.flush(); // before anybody learns of what was written
        callback(null, response);
      } catch (error) {
        callback(toStatus(error));
      }
    };
  const existing = (name: string): string => {
    if (!caches.get(name)) throw cacheNotFound(name);
    return name;
  };

  server.addService(messages.UnimplementedScsControlService.definition, {
    CreateCache: unary(({ cache_name }: control.control_client._CreateCacheRequest) => {
      if (cache_name === '') throw new StatusError(status.INVALID_ARGUMENT, 'cache name must not be empty');
      if (!caches.create(cache_name)) {
        throw new StatusError(status.ALREADY_EXISTS, `Cache with name: ${cache_name} already exists`);
      }
      return new messages._CreateCacheResponse();
    }),
    DeleteCache: unary(({ cache_name }: control.control_client._DeleteCacheRequest) => {
      caches.delete(existing(cache_name));
      return new messages._DeleteCacheResponse();
    }),
    FlushCache: unary(({ cache_name }: control.control_client._FlushCacheRequest) => {
      caches.clear(existing(cache_name));
      return new messages._FlushCacheResponse();
    }),
    ListCaches: unary(
      () =>
        new messages._ListCachesResponse({
          cache: caches.names().map((cache_name) => new messages._Cache({ cache_name })),
        }),
    ),
  });
}
