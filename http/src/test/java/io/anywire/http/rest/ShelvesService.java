package io.anywire.http.rest;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import io.anywire.call.Failures;
import io.anywire.http.rest.shelves.DeleteShelfRequest;
import io.anywire.http.rest.shelves.GetShelfRequest;
import io.anywire.http.rest.shelves.PatchShelfRequest;
import io.anywire.http.rest.shelves.Shelf;
import io.anywire.http.rest.shelves.ShelvesGrpc;
import io.anywire.http.rest.shelves.Sign;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Shelves with a version as their etag, in quotes when the id begins with {@code q}. */
final class ShelvesService extends ShelvesGrpc.ShelvesImplBase {
  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger writes = new AtomicInteger();
  volatile String lastMask = "";
  private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();
  private final Map<String, Sign> signs = new ConcurrentHashMap<>();
  private int version;

  synchronized Shelf put(String id, String theme) {
    String etag = (id.startsWith("q") ? "\"%d\"" : "%d").formatted(++version);
    Shelf shelf = Shelf.newBuilder().setId(id).setTheme(theme).setEtag(etag).build();
    shelves.put(id, shelf);
    return shelf;
  }

  void putSign(String id, String text) {
    signs.put(id, Sign.newBuilder().setId(id).setText(text).build());
  }

  @Override
  public void getShelf(GetShelfRequest request, StreamObserver<Shelf> response) {
    reads.incrementAndGet();
    answer(shelf(request.getId()), response);
  }

  @Override
  public void patchShelf(PatchShelfRequest request, StreamObserver<Shelf> response) {
    Shelf asked = request.getShelf();
    lastMask = String.join(",", request.getUpdateMask().getPathsList());
    requireVersion(shelf(asked.getId()), asked.getEtag());
    writes.incrementAndGet();
    answer(put(asked.getId(), asked.getTheme()), response);
  }

  @Override
  public void deleteShelf(DeleteShelfRequest request, StreamObserver<Empty> response) {
    requireVersion(shelf(request.getId()), request.getEtag());
    writes.incrementAndGet();
    shelves.remove(request.getId());
    answer(Empty.getDefaultInstance(), response);
  }

  @Override
  public void moveShelf(DeleteShelfRequest request, StreamObserver<Shelf> response) {
    requireVersion(shelf(request.getId()), request.getEtag());
    writes.incrementAndGet();
    answer(shelf(request.getId()), response);
  }

  @Override
  public void getSign(GetShelfRequest request, StreamObserver<Sign> response) {
    reads.incrementAndGet();
    answer(sign(request.getId()), response);
  }

  @Override
  public void putSign(Sign request, StreamObserver<Sign> response) {
    writes.incrementAndGet();
    signs.put(request.getId(), request);
    answer(request, response);
  }

  @Override
  public void getSecret(GetShelfRequest request, StreamObserver<Sign> response) {
    answer(Sign.newBuilder().setId(request.getId()).build(), response);
  }

  private Shelf shelf(String id) {
    return required(shelves.get(id), id);
  }

  private Sign sign(String id) {
    return required(signs.get(id), id);
  }

  private static <T> T required(T found, String id) {
    if (found == null) {
      throw Status.NOT_FOUND.withDescription("nothing named " + id).asRuntimeException();
    }
    if (id.contains("forbidden")) {
      throw Status.PERMISSION_DENIED.withDescription("not for you").asRuntimeException();
    }
    return found;
  }

  private static void requireVersion(Shelf current, String etag) {
    if (!etag.isEmpty() && !etag.equals(current.getEtag())) {
      ErrorInfo reason = ErrorInfo.newBuilder().setReason("ETAG_MISMATCH").setDomain("t").build();
      throw Failures.exception(
          com.google.rpc.Status.newBuilder()
              .setCode(Code.ABORTED_VALUE)
              .setMessage("etag: " + etag + " (expected: " + current.getEtag() + ")")
              .addDetails(Any.pack(reason))
              .build());
    }
  }

  private static <T> void answer(T message, StreamObserver<T> response) {
    response.onNext(message);
    response.onCompleted();
  }
}
