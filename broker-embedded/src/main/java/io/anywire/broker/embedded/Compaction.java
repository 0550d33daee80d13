package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.Append;
import io.anywire.broker.embedded.journal.RecordWriter;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Copies what is left of segments that are mostly dead to the end of the journal, after a
 * checkpoint, so that a message that nobody handles keeps no more room than its own. While room is
 * not short, what is left of a backlog that is being worked off is let alone: it goes by itself. Of
 * the writer's thread.
 */
final class Compaction {
  /** How many records are copied after one checkpoint. */
  private static final int MOST = 16_384;

  /** How many bytes are copied by one append, about. */
  private static final int MOST_AT_ONCE = 1 << 18;

  private final DiskStore store;
  private final DiskState state;
  private boolean running;

  Compaction(DiskStore store, DiskState state) {
    this.store = store;
    this.state = state;
  }

  /**
   * Begins, if something is to be copied.
   *
   * @param generations those before the checkpoint
   * @param roomIsShort whether what may go by itself is copied too
   */
  void begin(List<Long> generations, boolean roomIsShort) {
    if (running) {
      return;
    }
    TreeSet<Long> places = new TreeSet<>();
    for (long generation : generations) {
      boolean stuck = state.needed().isStuck(generation);
      if ((stuck || roomIsShort) && places.size() < MOST && state.isMostlyDead(generation)) {
        state.places(generation, places::add);
      }
    }
    running = !places.isEmpty();
    if (running) {
      copy(places.stream().limit(MOST).toList());
    }
  }

  private void copy(List<Long> places) {
    if (places.isEmpty()) {
      running = false;
      return;
    }
    store
        .records(places, MOST_AT_ONCE)
        .whenComplete((copies, failure) -> {
          if (failure == null) {
            store.append(new Move(places, copies));
          } else {
            store.inWriter(() -> running = false); // It stays where it is, and was reported.
          }
        });
  }

  /** The first of {@code places}, as many as there are copies, and what is to follow. */
  private final class Move implements Append {
    private final List<Long> places;
    private final List<byte[]> copies;
    private int head;

    Move(List<Long> places, List<byte[]> copies) {
      this.places = places;
      this.copies = copies;
    }

    @Override
    public int leaves() {
      return LEAVES_SOME;
    }

    @Override
    public byte[] records() {
      byte[] moved = Records.moved(places.subList(0, copies.size()));
      head = moved.length;
      List<byte[]> all = new ArrayList<>(List.of(moved));
      all.addAll(copies);
      return RecordWriter.joined(all);
    }

    @Override
    public void committed(long position) {
      Map<Long, Long> moved = new HashMap<>();
      long at = position + head;
      for (int i = 0; i < copies.size(); i++) {
        moved.put(places.get(i), at);
        at += copies.get(i).length;
      }
      state.moved(Moves.of(moved));
      copy(places.subList(copies.size(), places.size()));
    }

    @Override
    public void failed(StatusRuntimeException why) {
      running = false;
    }
  }
}
