package io.anywire.http.hostile;

import static io.anywire.http.hostile.RawQuic.HANDSHAKE;
import static io.anywire.http.hostile.RawQuic.INITIAL;
import static io.anywire.http.hostile.RawQuic.NO_VERSION;
import static io.anywire.http.hostile.RawQuic.RETRY;
import static io.anywire.http.hostile.RawQuic.VERSION_1;
import static io.anywire.http.hostile.RawQuic.WHOLE;
import static io.anywire.http.hostile.RawQuic.ZERO_RTT;
import static io.anywire.http.hostile.RawQuic.noise;
import static io.anywire.http.hostile.RawQuic.packet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Attacks by datagrams, from those who never agree upon a connection. */
final class QuicAttacks {
  private static final int MANY = 10;
  private static final int TRIES = 10;
  private static final String NOTHING = "no answer";
  private static final byte[] NO_TOKEN = {};

  private final List<Attack> all = new ArrayList<>();

  static List<Attack> all() {
    QuicAttacks attacks = new QuicAttacks();
    attacks.garbage();
    attacks.packets();
    attacks.tokens();
    return attacks.all;
  }

  private void garbage() {
    datagrams("datagram of nothing", NOTHING, 10, () -> new byte[0]);
    datagrams("datagram of one byte", NOTHING, 10, () -> noise(1));
    datagrams("noise of 20 bytes", NOTHING, 50, () -> started(0x40, 20));
    datagrams("noise of 1200 bytes", NOTHING, 50, () -> started(0x40, WHOLE));
    datagrams("noise of 9000 bytes", NOTHING, 10, () -> started(0x40, 9000));
    datagrams("noise behind the head of a version", NOTHING, 50, () -> versioned(WHOLE));
  }

  /** Bytes of any kind with a certain first. */
  private static byte[] started(int first, int size) {
    byte[] bytes = noise(size);
    bytes[0] = (byte) first;
    return bytes;
  }

  /** What says that it is of version 1 and nothing else that makes sense. */
  private static byte[] versioned(int size) {
    byte[] bytes = packet(HANDSHAKE, VERSION_1, noise(20), NO_TOKEN, size);
    bytes[5] = (byte) 0xff;
    return bytes;
  }

  private void packets() {
    datagrams(
        "version nobody knows",
        "Version Negotiation",
        10,
        () -> packet(INITIAL, NO_VERSION, noise(8), NO_TOKEN, WHOLE));
    datagrams(
        "version nobody knows, in 100 bytes",
        NOTHING,
        10,
        () -> packet(INITIAL, NO_VERSION, noise(8), NO_TOKEN, 100));
    datagrams(
        "Version Negotiation by a client",
        NOTHING,
        10,
        () -> packet(INITIAL, 0, noise(8), NO_TOKEN, 100));
    datagrams(
        "Initial of 100 bytes",
        NOTHING,
        10,
        () -> packet(INITIAL, VERSION_1, noise(8), NO_TOKEN, 100));
    datagrams(
        "Initial of 1199 bytes",
        NOTHING,
        10,
        () -> packet(INITIAL, VERSION_1, noise(8), NO_TOKEN, WHOLE - 1));
    datagrams(
        "flood of Initials",
        "Retry",
        50,
        () -> packet(INITIAL, VERSION_1, noise(8), NO_TOKEN, WHOLE));
    datagrams(
        "Retry by a client",
        NOTHING,
        10,
        () -> packet(RETRY, VERSION_1, noise(8), NO_TOKEN, WHOLE));
    datagrams(
        "Handshake of no connection",
        NOTHING,
        10,
        () -> packet(HANDSHAKE, VERSION_1, noise(20), NO_TOKEN, WHOLE));
    datagrams(
        "0-RTT of no connection",
        NOTHING,
        10,
        () -> packet(ZERO_RTT, VERSION_1, noise(20), NO_TOKEN, WHOLE));
    datagrams("Initial cut short", NOTHING, 10, () -> cut(started(INITIAL, WHOLE)));
  }

  /** Of version 1, with a connection id that is longer than any may be. */
  private static byte[] cut(byte[] packet) {
    System.arraycopy(new byte[] {0, 0, 0, 1, (byte) 0xff}, 0, packet, 1, 5);
    return packet;
  }

  private void tokens() {
    datagrams(
        "token that is noise",
        NOTHING,
        50,
        () -> packet(INITIAL, VERSION_1, noise(20), noise(60), WHOLE));
    datagrams(
        "token of 1000 bytes",
        NOTHING,
        50,
        () -> packet(INITIAL, VERSION_1, noise(20), noise(1000), WHOLE));
    add(
        "token of another address",
        NOTHING,
        door -> {
          try (RawQuic one = new RawQuic(door);
              RawQuic other = new RawQuic(door)) {
            other.send(packet(INITIAL, VERSION_1, noise(20), one.token(), WHOLE));
            return other.outcome();
          }
        });
    add(
        "token that was changed",
        NOTHING,
        door -> {
          try (RawQuic client = new RawQuic(door)) {
            byte[] token = client.token();
            token[12] ^= 1;
            client.send(packet(INITIAL, VERSION_1, noise(20), token, WHOLE));
            return client.outcome();
          }
        });
    token("token with a connection id of 4 bytes", 4);
    token("token with a connection id of nothing", 0);
    token("token, and noise instead of a handshake", 20);
  }

  private void token(String name, int destination) {
    add(
        name,
        NOTHING,
        door -> {
          try (RawQuic client = new RawQuic(door)) {
            byte[] token = client.token();
            for (int i = 0; i < 10; i++) {
              client.send(packet(INITIAL, VERSION_1, noise(destination), token, WHOLE));
            }
            return client.outcome();
          }
        });
  }

  private void datagrams(String name, String refusal, int count, Supplier<byte[]> datagram) {
    add(
        name,
        refusal,
        door -> {
          try (RawQuic client = new RawQuic(door)) {
            String outcome = NOTHING;
            // Where an answer is wanted, the datagram may have been lost in the crowd.
            for (int i = 0; i < TRIES && outcome.equals(NOTHING); i++) {
              for (int j = 0; j < count; j++) {
                client.send(datagram.get());
              }
              outcome = client.outcome();
              if (refusal.equals(NOTHING)) {
                return outcome;
              }
            }
            return outcome;
          }
        });
  }

  private void add(String name, String refusal, Attack.Program program) {
    all.add(new Attack("QUIC", true, name, refusal, MANY, program));
  }
}
