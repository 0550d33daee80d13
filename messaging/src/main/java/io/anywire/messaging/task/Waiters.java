package io.anywire.messaging.task;

import io.anywire.messaging.envelope.Note;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Those that wait for the end of a task. Thread-safe; nothing is kept when nobody waits. */
final class Waiters {
  private final Map<String, Set<CompletableFuture<Note>>> byTask = new ConcurrentHashMap<>();

  CompletableFuture<Note> enter(String id) {
    CompletableFuture<Note> waiter = new CompletableFuture<>();
    byTask.compute(
        id,
        (key, known) -> {
          Set<CompletableFuture<Note>> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(waiter);
          return all;
        });
    return waiter;
  }

  void leave(String id, CompletableFuture<Note> waiter) {
    byTask.computeIfPresent(
        id,
        (key, all) -> {
          all.remove(waiter);
          return all.isEmpty() ? null : all;
        });
  }

  void complete(Note note) {
    byTask.getOrDefault(note.id(), Set.of()).forEach(waiter -> waiter.complete(note));
  }
}
