package io.anywire.examples.shop.storage;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Moments as protobuf and as both databases have them: in UTC, to the microsecond. */
public final class Timestamps {
  private Timestamps() {}

  /** The present, as precise as the databases keep it. */
  public static Timestamp now() {
    return of(Instant.now().truncatedTo(ChronoUnit.MICROS));
  }

  /** A column's value. */
  public static OffsetDateTime toColumn(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos())
        .atOffset(ZoneOffset.UTC);
  }

  /** A column's value as a message. */
  public static Timestamp fromColumn(OffsetDateTime value) {
    return of(value.toInstant());
  }

  private static Timestamp of(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
