package io.anywire.http.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/** A socket over which any datagrams go (RFC 9000, section 17), and what came back. */
final class RawQuic implements AutoCloseable {
  static final int INITIAL = 0xc0;
  static final int ZERO_RTT = 0xd0;
  static final int HANDSHAKE = 0xe0;
  static final int RETRY = 0xf0;
  static final int VERSION_1 = 1;
  static final int NO_VERSION = 0x1a2a3a4a;
  static final int WHOLE = 1200;

  private static final int INTEGRITY_TAG = 16;
  private static final int PATIENCE_MILLIS = 500;
  private static final int TRIES = 20;

  private final DatagramSocket socket;

  RawQuic(Door door) throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.connect(new InetSocketAddress("127.0.0.1", door.port()));
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  RawQuic send(byte[] datagram) throws IOException {
    socket.send(new DatagramPacket(datagram, datagram.length));
    return this;
  }

  /** A packet with a long header, padded with noise to a size, or cut to it. */
  static byte[] packet(int type, int version, byte[] destination, byte[] token, int size) {
    byte[] noise = noise(size);
    ByteBuffer packet = ByteBuffer.allocate(Math.max(size, 400));
    packet.put((byte) type).putInt(version);
    packet.put((byte) destination.length).put(destination).put((byte) 8).put(noise, 0, 8);
    if ((type & RETRY) == INITIAL) {
      packet.put(Fields.integer(token.length)).put(token);
    }
    int rest = Math.max(0, size - packet.position() - 2);
    packet.putShort((short) (rest | 1 << 14));
    if (packet.position() < size) {
      packet.put(noise, packet.position(), size - packet.position());
    }
    return Arrays.copyOf(packet.array(), size);
  }

  static byte[] noise(int size) {
    byte[] noise = new byte[size];
    ThreadLocalRandom.current().nextBytes(noise);
    return noise;
  }

  /** What came for everything sent so far: kinds of packets, or nothing. */
  String outcome() throws IOException {
    byte[] name = noise(8);
    ByteBuffer probe = ByteBuffer.allocate(WHOLE);
    probe.put((byte) INITIAL).putInt(NO_VERSION).put((byte) 8).put(noise(8));
    probe.put((byte) 8).put(name);
    Set<String> came = new TreeSet<>();
    byte[] answer;
    send(probe.array());
    do {
      answer = receive(probe.array());
      if (!isFor(answer, name)) {
        came.add(kind(answer));
      }
    } while (!isFor(answer, name));
    return came.isEmpty() ? "no answer" : String.join(", ", came);
  }

  /** A token that proves this socket's address. */
  byte[] token() throws IOException {
    byte[] hello = packet(INITIAL, VERSION_1, noise(8), new byte[0], WHOLE);
    send(hello);
    byte[] retry = receive(hello);
    int at = 5;
    at += 1 + retry[at];
    at += 1 + retry[at];
    return Arrays.copyOfRange(retry, at, retry.length - INTEGRITY_TAG);
  }

  /** What comes next; asks again where a datagram was lost, as happens in floods. */
  private byte[] receive(byte[] question) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
    for (int i = 0; i < TRIES; i++) {
      try {
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
      } catch (SocketTimeoutException e) {
        send(question);
      }
    }
    throw new SocketTimeoutException("no answer in " + TRIES + " times " + PATIENCE_MILLIS + " ms");
  }

  private static boolean isFor(byte[] answer, byte[] name) {
    return new String(answer, ISO_8859_1).startsWith(new String(name, ISO_8859_1), 6);
  }

  private static String kind(byte[] answer) {
    if (answer.length < 5 || answer[0] >= 0) {
      return answer.length + " bytes";
    }
    if (ByteBuffer.wrap(answer).getInt(1) == 0) {
      return "Version Negotiation";
    }
    return switch (answer[0] & RETRY) {
      case INITIAL -> "Initial";
      case RETRY -> "Retry";
      default -> "another packet";
    };
  }

  @Override
  public void close() {
    socket.close();
  }
}
