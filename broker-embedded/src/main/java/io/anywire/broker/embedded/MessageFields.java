package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import io.anywire.broker.embedded.journal.RecordReader;
import io.anywire.broker.embedded.journal.RecordWriter;
import java.util.HashMap;
import java.util.Map;

/** A message as fields of a record. */
final class MessageFields {
  private MessageFields() {}

  /** How many bytes they take, about. */
  static int room(Message message) {
    int size = 16 + message.payload().size();
    for (Map.Entry<String, String> one : message.attributes().entrySet()) {
      size += one.getKey().length() + one.getValue().length() + 4;
    }
    for (Map.Entry<String, String> one : message.headers().entrySet()) {
      size += one.getKey().length() + one.getValue().length() + 4;
    }
    return size;
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
    int size = from.small();
    Map<String, String> map = new HashMap<>(size * 2);
    for (int i = 0; i < size; i++) {
      map.put(from.text(), from.text());
    }
    return map;
  }
}
