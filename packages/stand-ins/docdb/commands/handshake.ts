import { Binary } from 'bson';
import { CommandError } from '../errors';
import type { Document } from '../values/document';
import { MAX_DOCUMENT_BYTES } from '../values/document';
import { type Call, type Command, stringField } from './command';
import { MECHANISM } from './scram';

/** The engine that the stack deploys is 5.0. */
const VERSION = '5.0.0';
/** The wire version of MongoDB 5.0. */
const MAX_WIRE_VERSION = 13;
const MAX_MESSAGE_BYTES = 48_000_000;
const MAX_WRITE_BATCH = 100_000;
/** Every Amazon DocumentDB cluster is one (docs.aws.amazon.com, "Connecting as a replica set"). */
const REPLICA_SET = 'rs0';

/** `hello` and its old names: one primary of a replica set, as Amazon DocumentDB presents itself. */
function hello(name: 'hello' | 'isMaster' | 'ismaster'): Command {
  return {
    anonymous: true,
    // What drivers offer here grows with their versions; a server may leave any of it unanswered.
    fields: 'any',
    run: ({ server, session, body }) => ({
      helloOk: true,
      [name === 'hello' ? 'isWritablePrimary' : 'ismaster']: true,
      secondary: false,
      setName: REPLICA_SET,
      setVersion: 1,
      hosts: [server.address],
      primary: server.address,
      me: server.address,
      maxBsonObjectSize: MAX_DOCUMENT_BYTES,
      maxMessageSizeBytes: MAX_MESSAGE_BYTES,
      maxWriteBatchSize: MAX_WRITE_BATCH,
      localTime: new Date(),
      logicalSessionTimeoutMinutes: 30,
      connectionId: session.id,
      minWireVersion: 0,
      maxWireVersion: MAX_WIRE_VERSION,
      readOnly: false,
      ...('saslSupportedMechs' in body && server.scram ? { saslSupportedMechs: [MECHANISM] } : {}),
    }),
  };
}

const nothing: Command = { anonymous: true, fields: [], run: () => ({}) };

const buildInfo: Command = {
  anonymous: true,
  fields: [],
  run: () => ({
    version: VERSION,
    versionArray: [...VERSION.split('.').map(Number), 0],
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  }),
};

/** Commands about the connection and the server. */
export const handshakeCommands: Readonly<Record<string, Command>> = {
  hello: hello('hello'),
  isMaster: hello('isMaster'),
  ismaster: hello('ismaster'),
  ping: nothing,
  endSessions: nothing,
  buildInfo,
  buildinfo: buildInfo,
  saslStart: {
    anonymous: true,
    fields: ['mechanism', 'payload', 'autoAuthorize', 'options'],
    run: ({ server, session, body }) => {
      if (!server.scram) throw new CommandError(18, 'Authentication failed.');
      session.conversation = server.scram.start(stringField(body, 'mechanism'), payloadOf(body));
      return step(session.conversation.firstMessage, false);
    },
  },
  saslContinue: { anonymous: true, fields: ['conversationId', 'payload'], run: continueAuthentication },
};

function continueAuthentication({ session, body }: Call): Document {
  const { conversation } = session;
  delete session.conversation;
  if (!conversation) throw new CommandError(18, 'No SASL session state found');
  const signature = conversation.finish(payloadOf(body));
  session.authenticated = true;
  return step(signature, true);
}

function step(payload: Buffer, done: boolean): Document {
  return { conversationId: 1, done, payload: new Binary(payload) };
}

function payloadOf(body: Document): Uint8Array {
  if (body.payload instanceof Binary) return body.payload.value();
  throw new CommandError(14, "BSON field 'payload' must be of type binData");
}
