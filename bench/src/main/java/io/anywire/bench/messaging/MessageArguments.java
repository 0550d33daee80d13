package io.anywire.bench.messaging;

/**
 * What a main class that passes messages is told: its port is the first argument, then come its
 * own, and these three are the last.
 *
 * @param port on 127.0.0.1 on which it takes orders
 * @param payload bytes of each message
 * @param inFlight how many messages at most are under way
 * @param place where the broker is, or the folder that the queue is to be in
 */
public record MessageArguments(int port, int payload, int inFlight, String place) {
  /** Reads all that a main method was given. */
  public static MessageArguments of(String[] args) {
    int last = args.length - 1;
    return new MessageArguments(
        Integer.parseInt(args[0]),
        Integer.parseInt(args[last - 2]),
        Integer.parseInt(args[last - 1]),
        args[last]);
  }
}
