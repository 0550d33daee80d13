package io.anywire.http.rest;

import io.anywire.json.JsonCodec;
import java.util.List;

/** What all routes of a server share. Immutable. */
record Serving(Representations representations, JsonCodec codec, RestOptions options) {
  /** What a stream can be written as, the one that nobody has to ask for first. */
  static final List<AnswerStream> STREAMS = List.of(JsonLines.FORM, EventStream.FORM);
}
