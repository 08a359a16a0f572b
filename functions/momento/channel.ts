import {
  type CallInvocationTransformer,
  type ChannelInterface,
  InterceptingCall,
  type Interceptor,
  status,
} from '@grpc/grpc-js';
// eslint-disable-next-line @typescript-eslint/no-require-imports -- a bundle gives an `import` a copy of the exports
import sdk = require('@gomomento/sdk/dist/src/internal/grpc/grpc-channel-options');
import { giveUpAfter } from '../give-up';

const channelOptions = sdk.grpcChannelOptionsFromGrpcConfig;

/** The status metadata of requests that never left this process. */
const unsent = new WeakSet<object>();

/**
 * Makes the SDK's channels send each request once, wait for an answer that is already in the socket, and record whether
 * a request was sent. The SDK passes no channel options on, so this hooks into where it creates them.
 *
 * gRPC itself retries a request once, transparently, when its stream ended with REFUSED_STREAM: a server that follows
 * RFC 9113 has not processed it then, but a proxy that doesn't would make two increments of one.
 * Source: grpc-js, retrying-call.js (`handleChildStatus`: REFUSED, NOT_STARTED); `grpc.enable_retries` in its README
 */
export function sendOnce(): void {
  Object.assign(sdk, {
    grpcChannelOptionsFromGrpcConfig: (config: Parameters<typeof channelOptions>[0]) => ({
      ...channelOptions(config),
      'grpc.enable_retries': 0,
      callInvocationTransformer,
    }),
  });
}

/**
 * Whether a request never left this process, as its channel recorded; the text of an error could come from any server.
 */
export function wasNeverSent(metadata: object | undefined): boolean {
  return metadata !== undefined && unsent.has(metadata);
}

const callInvocationTransformer: CallInvocationTransformer = (call) => {
  const { callOptions, channel } = call;
  const interceptors = [...(callOptions.interceptors ?? []), nextToTheChannel(channel)];
  return Object.assign({}, call, { callOptions: Object.assign({}, callOptions, { interceptors }) });
};

/**
 * Keeps a call's deadline in place of gRPC, whose timer would cancel the stream before the socket is read. The deadline
 * is no longer sent to the server.
 *
 * When a call has ended, its peer is the address that its HTTP/2 stream went to, or the channel's target if no stream
 * was started (grpc-js, load-balancing-call.js: `getPeer`, `child`).
 */
function nextToTheChannel(channel: ChannelInterface): Interceptor {
  return ({ deadline = Infinity, ...options }, nextCall) => {
    const call = nextCall(options);
    return new InterceptingCall(call, {
      start(metadata, _listener, next) {
        const giveUp = (): void => call.cancelWithStatus(status.DEADLINE_EXCEEDED, 'Deadline exceeded');
        const leftMs = Number(deadline) - Date.now();
        const patience = leftMs === Infinity ? undefined : giveUpAfter(leftMs, giveUp); // a timer of Infinity fires at once
        next(metadata, {
          onReceiveStatus(received, pass) {
            patience?.end();
            if (received.code !== status.OK && call.getPeer() === channel.getTarget()) unsent.add(received.metadata);
            pass(received);
          },
        });
      },
    });
  };
}
