import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

/**
 * Runs mongo-java-server in memory on a loopback port: {@code java -cp 'FOLDER/*' MongoServer.java PORT}.
 *
 * <p>Its commands run on one thread. On several, an answer of findAndModify without a projection shows increments that came
 * after it: 64 callers got 1,263 different values for 1,280 increments.
 */
class MongoServer {
  /** What MongoDB 5.0 says of itself: the driver refuses the wire version 8 that the server would name by default. */
  private record Version(List<Integer> getVersionArray, int getWireVersion) implements MongoVersion {}

  public static void main(String[] arguments) throws InterruptedException {
    System.setProperty("io.netty.eventLoopThreads", "1");
    var backend = new MemoryBackend().version(new Version(List.of(5, 0, 0), 13));
    new de.bwaldvogel.mongo.MongoServer(backend).bind("127.0.0.1", Integer.parseInt(arguments[0]));
    Thread.currentThread().join();
  }
}
