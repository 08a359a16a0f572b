export { compiledModule, packageRoot } from './compiled-module';
export { type EmbeddedStore, type EmbeddedStoreOptions, fileIn } from './embedded-store';
export { startStoreThread, type StoreModule, type StoreState, type StoreThread } from './store-thread';
