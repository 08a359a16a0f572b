// Counts on a database of its own for a moment: a virtual machine that has just begun runs slower than an increment waits.
// `node warm-up.cjs PORT` fails where no MongoDB answers.
const { MongoClient } = require('mongodb');

const CALLERS = 32;
const CALLS = 40;

async function main(port) {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}`, {
    directConnection: true,
    serverSelectionTimeoutMS: 5000,
  });
  const database = client.db('warm_up');
  const counters = database.collection('counters');
  const caller = async () => {
    for (let call = 0; call < CALLS; call += 1) {
      await counters.updateOne({ counter_id: 'warm' }, { $inc: { atomic_counter: 1 } }, { upsert: true });
    }
  };
  try {
    await Promise.all(Array.from({ length: CALLERS }, caller));
    await database.dropDatabase();
  } finally {
    await client.close();
  }
}

main(process.argv[2]).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
