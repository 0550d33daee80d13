"""Consumes an event of ours, then publishes events and a task in every form that we take."""
import json
import sys
import zlib

import pika

EVENTS = "anywire.events.anywire.lab.v1.LabEvents"
KEYED = "anywire.keyed.anywire.lab.v1.OrderedEvents"
TASKS = "anywire.queue.anywire.lab.v1.Lab"

connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
channel = connection.channel()
channel.confirm_delivery()


def attributes(prefix, type_, id_, **more):
    named = {"specversion": "1.0", "source": "python", "type": type_, "id": id_, **more}
    return {prefix + name: value for name, value in named.items()}


def publish(exchange, routing_key, body, content_type, headers):
    properties = pika.BasicProperties(content_type=content_type, headers=headers, delivery_mode=2)
    channel.basic_publish(exchange, routing_key, json.dumps(body), properties, mandatory=True)


queue = channel.queue_declare("", exclusive=True).method.queue
channel.queue_bind(queue, EVENTS)
print("ready", flush=True)
for method, properties, body in channel.consume(queue, auto_ack=True):
    print("got", properties.headers["cloudEvents_type"], properties.content_type, body.decode(), flush=True)
    break

HAPPENED = "anywire.lab.v1.LabEvents.Happened"
publish(EVENTS, "", {"text": "binary"}, "application/json", attributes("cloudEvents_", HAPPENED, "py-1"))
publish(EVENTS, "", {"text": "colon"}, "application/json", attributes("cloudEvents:", HAPPENED, "py-2"))
folded = {**attributes("", HAPPENED, "py-3"), "data": {"text": "structured"}}
publish(EVENTS, "", folded, "application/cloudevents+json", {})
publish(EVENTS, "", {}, "application/json", attributes("cloudEvents_", "somebody.elses.Event", "py-4"))
for i in range(5):
    headers = attributes("cloudEvents_", "anywire.lab.v1.OrderedEvents.Happened", f"py-k{i}", partitionkey="key")
    partition = str(zlib.crc32(b"key") % 16)
    publish(KEYED, partition, {"id": "key", "text": f"keyed {i}"}, "application/json", headers)
publish("", TASKS, {"text": "task"}, "application/json", attributes("cloudEvents_", "anywire.lab.v1.Lab.Run", "py-task"))
print("published", flush=True)
connection.close()
