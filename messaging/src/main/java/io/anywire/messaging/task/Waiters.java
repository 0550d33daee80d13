package io.anywire.messaging.task;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Those that wait for the end of a task. Thread-safe; nothing is kept when nobody waits. */
final class Waiters {
  private final Map<String, Set<CompletableFuture<TaskRecord>>> byTask = new ConcurrentHashMap<>();

  CompletableFuture<TaskRecord> enter(String id) {
    CompletableFuture<TaskRecord> waiter = new CompletableFuture<>();
    byTask.compute(
        id,
        (key, known) -> {
          Set<CompletableFuture<TaskRecord>> all =
              known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(waiter);
          return all;
        });
    return waiter;
  }

  void leave(String id, CompletableFuture<TaskRecord> waiter) {
    byTask.computeIfPresent(
        id,
        (key, all) -> {
          all.remove(waiter);
          return all.isEmpty() ? null : all;
        });
  }

  void complete(TaskRecord record) {
    byTask.getOrDefault(record.id(), Set.of()).forEach(waiter -> waiter.complete(record));
  }
}
