package io.anywire.broker.embedded.journal;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.util.Random;

/** A record of random content, which a ledger gets when it is committed. */
final class Kept implements Append {
  private final Ledger ledger;
  private final Runnable committed;
  private final byte[] record;

  Kept(Ledger ledger, Random random) {
    this(ledger, random, () -> {});
  }

  Kept(Ledger ledger, Random random, Runnable committed) {
    this.ledger = ledger;
    this.committed = committed;
    byte[] content = new byte[random.nextInt(random.nextInt(8) == 0 ? 9000 : 300)];
    random.nextBytes(content);
    this.record = new RecordWriter(7, 8).bytes(ByteString.copyFrom(content)).done();
  }

  int sum() {
    int fields = RecordWriter.FRAME + 1;
    return Ledger.sum(ByteBuffer.wrap(record, fields, record.length - fields));
  }

  @Override
  public byte[] records() {
    return record;
  }

  @Override
  public void committed(long position) {
    ledger.positions.add(position);
    ledger.sums.add(sum());
    committed.run();
  }

  @Override
  public void failed(StatusRuntimeException why) {
    ledger.refusal = why;
  }
}
