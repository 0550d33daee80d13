package io.anywire.broker.embedded.journal;

import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What the tests keep in a journal: numbered records of random length, each known by its checksum.
 */
final class Ledger implements Recovered {
  /** Why something was not taken, if anything was not. */
  @Nullable StatusRuntimeException refusal;

  /** The checksum of each record's fields, in order. */
  final List<Integer> sums = new ArrayList<>();

  final List<Long> positions = new ArrayList<>();

  @Override
  public void parts(int bytes) {}

  @Override
  public void checkpoint(ByteBuffer state) {
    while (state.hasRemaining()) {
      positions.add(state.getLong());
      sums.add(state.getInt());
    }
  }

  @Override
  public void record(long position, int kind, ByteBuffer fields) {
    positions.add(position);
    sums.add(sum(fields));
  }

  byte[] state() {
    ByteBuffer bytes = ByteBuffer.allocate(12 * sums.size());
    for (int i = 0; i < sums.size(); i++) {
      bytes.putLong(positions.get(i)).putInt(sums.get(i));
    }
    return bytes.array();
  }

  static int sum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
