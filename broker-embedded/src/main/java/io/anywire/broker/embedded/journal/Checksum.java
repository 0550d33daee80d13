package io.anywire.broker.embedded.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A CRC32C of which store and generation are part, so that what another store or an earlier
 * generation has left is never taken for ours. Not thread-safe.
 */
final class Checksum {
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer prefix = ByteBuffer.allocate(24);

  /** Of the part of {@code bytes} from {@code from} on. */
  int of(long store, long generation, ByteBuffer bytes, int from, int length) {
    crc.reset();
    crc.update(prefix.clear().putLong(store).putLong(generation).flip());
    crc.update(bytes.duplicate().limit(from + length).position(from));
    return (int) crc.getValue();
  }

  /** The same for content that stands at a position. */
  int of(long store, long generation, long position, ByteBuffer bytes, int from, int length) {
    crc.reset();
    crc.update(prefix.clear().putLong(store).putLong(generation).putLong(position).flip());
    crc.update(bytes.duplicate().limit(from + length).position(from));
    return (int) crc.getValue();
  }

  /** Of bytes alone. */
  static int of(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
