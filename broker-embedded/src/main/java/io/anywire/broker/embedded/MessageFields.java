package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import io.anywire.broker.embedded.journal.RecordReader;
import io.anywire.broker.embedded.journal.RecordWriter;
import java.util.Map;

/** A message as fields of a record. */
final class MessageFields {
  private MessageFields() {}

  /** How many bytes they take if they are of ASCII characters only. */
  static int room(Message message) {
    return room(message.attributes())
        + room(message.headers())
        + RecordWriter.room(message.payload());
  }

  private static int room(Map<String, String> map) {
    int room = RecordWriter.room(map.size());
    for (Map.Entry<String, String> one : map.entrySet()) {
      room += RecordWriter.room(one.getKey()) + RecordWriter.room(one.getValue());
    }
    return room;
  }

  static RecordWriter write(RecordWriter to, Message message) {
    write(to, message.attributes());
    write(to, message.headers());
    return to.bytes(message.payload());
  }

  static Message read(RecordReader from) {
    return new Message(readMap(from), readMap(from), from.bytes());
  }

  private static void write(RecordWriter to, Map<String, String> map) {
    to.number(map.size());
    map.forEach((name, value) -> to.text(name).text(value));
  }

  private static Map<String, String> readMap(RecordReader from) {
    @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of a generic type.
    Map.Entry<String, String>[] all = new Map.Entry[from.count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = Map.entry(from.text(), from.text());
    }
    return Map.ofEntries(all);
  }
}
