export { awsEndpoint, type ServiceAnswer, type ServiceHandler } from './aws-endpoint';
export { foreignPage } from './foreign-page';
export { isLoopbackHost } from './loopback-host';
export { type LoopbackListener, startLoopbackListener } from './loopback-listener';
export {
  firstAnswer,
  type HttpServer,
  PortTakenError,
  readBody,
  type Route,
  sendJson,
  startHttpServer,
} from './server';
