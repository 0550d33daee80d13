// Opens a page of the server at argv[2] in Chromium, lets it call a method by Connect and take a stream
// as Server-Sent Events, and prints what came back and by which protocol. argv[3]: the hash of the
// server's key, which is then trusted.
const {chromium} = require('playwright-core');

const [origin, key, folder] = process.argv.slice(2);

async function main() {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-quic',
      `--origin-to-force-quic-on=${new URL(origin).host}`,
      `--ignore-certificate-errors-spki-list=${key}`,
    ],
  });
  try {
    const page = await context.newPage();
    await page.goto(origin + '/');
    console.log(await page.evaluate(connect));
    console.log(await page.evaluate(events));
  } finally {
    await context.close();
  }
}

// What follows runs in the page.

async function connect() {
  const response = await fetch('/probe.v1.Probe/Unary', {
    method: 'POST',
    headers: {'content-type': 'application/json', 'connect-protocol-version': '1'},
    body: JSON.stringify({text: 'from a browser'}),
  });
  const {text} = await response.json();
  const [call] = performance.getEntriesByType('resource').slice(-1);
  return `${response.status} ${text} by ${call.nextHopProtocol}`;
}

function events() {
  return new Promise((resolve, reject) => {
    const source = new EventSource('/probe/stream?text=event&count=3');
    const numbers = [];
    source.onmessage = event => numbers.push(JSON.parse(event.data).number);
    source.addEventListener('end', () => {
      source.close();
      resolve(`events ${numbers.join(' ')} and an end`);
    });
    source.onerror = () => reject(new Error(`the stream broke after ${numbers}`));
  });
}

main().catch(failure => {
  console.error(failure);
  process.exit(1);
});
