// Consumes an event of ours, then publishes events and a task in every form that we take.
const amqp = require("amqplib");

const EVENTS = "anywire.events.anywire.lab.v1.LabEvents";
const TASKS = "anywire.queue.anywire.lab.v1.Lab";
const HAPPENED = "anywire.lab.v1.LabEvents.Happened";

function attributes(prefix, type, id) {
  const named = { specversion: "1.0", source: "node", type, id };
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [prefix + name, value]));
}

async function main() {
  const connection = await amqp.connect(process.argv[2]);
  const channel = await connection.createConfirmChannel();
  const { queue } = await channel.assertQueue("", { exclusive: true });
  await channel.bindQueue(queue, EVENTS, "");
  const arrived = new Promise((resolve) => channel.consume(queue, resolve, { noAck: true }));
  console.log("ready");
  const event = await arrived;
  const { headers, contentType } = event.properties;
  console.log("got", headers.cloudEvents_type, contentType, event.content.toString());

  const publish = (exchange, key, body, contentType, headers) =>
    channel.publish(exchange, key, Buffer.from(JSON.stringify(body)), { contentType, headers, persistent: true });
  publish(EVENTS, "", { text: "binary" }, "application/json", attributes("cloudEvents_", HAPPENED, "js-1"));
  publish(EVENTS, "", { text: "colon" }, "application/json", attributes("cloudEvents:", HAPPENED, "js-2"));
  const folded = { ...attributes("", HAPPENED, "js-3"), data: { text: "structured" } };
  publish(EVENTS, "", folded, "application/cloudevents+json", {});
  publish("", TASKS, { text: "task" }, "application/json", attributes("cloudEvents_", "anywire.lab.v1.Lab.Run", "js-task"));
  await channel.waitForConfirms();
  console.log("published");
  await connection.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
