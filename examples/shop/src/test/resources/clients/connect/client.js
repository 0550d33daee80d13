// Usage: node client.js URL DESCRIPTOR-SET. Prints, for each transport, what it saw.
import {readFileSync} from 'node:fs';
import {createFileRegistry, fromBinary} from '@bufbuild/protobuf';
import {FileDescriptorSetSchema} from '@bufbuild/protobuf/wkt';
import {Code, createClient} from '@connectrpc/connect';
import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';

const [baseUrl, descriptors] = process.argv.slice(2);
const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
const UserService = files.getService('shop.v1.UserService');
const Health = files.getService('grpc.health.v1.Health');
const ErrorInfo = files.getMessage('google.rpc.ErrorInfo');

const transports = {};
for (const httpVersion of ['1.1', '2']) {
  for (const useBinaryFormat of [false, true]) {
    const options = {baseUrl, httpVersion, useBinaryFormat};
    const name = `HTTP/${httpVersion} ${useBinaryFormat ? 'protobuf' : 'JSON'}`;
    transports[`connect ${name}`] = createConnectTransport(options);
    transports[`connect ${name} GET gzip`] = createConnectTransport({
      ...options,
      useHttpGet: true,
      sendCompression: compressionGzip,
      compressMinBytes: 0,
    });
  }
  transports[`grpc-web HTTP/${httpVersion}`] = createGrpcWebTransport({baseUrl, httpVersion});
}
transports['grpc'] = createGrpcTransport({baseUrl});

function failure(call) {
  return call.then(() => ({}), error => error);
}

function reasons(error) {
  return error.findDetails(ErrorInfo).map(info => info.reason).join();
}

async function call(transport, id) {
  const users = createClient(UserService, transport);
  const options = {timeoutMs: 20000};
  const user = {id, name: 'Node', email: `${id}@example.org`};
  const seen = [];
  seen.push((await users.createUser({user}, options)).name);
  const renamed = {user: {id, name: 'js'}, updateMask: {paths: ['name']}};
  seen.push((await users.updateUser(renamed, options)).name);
  seen.push((await users.getUser({id}, options)).email === user.email);
  seen.push((await users.listUsers({pageSize: 1000}, options)).users.some(u => u.id === id));
  const again = await failure(users.createUser({user}, options));
  seen.push(Code[again.code], reasons(again));
  await users.deleteUser({id}, options);
  const gone = await failure(users.getUser({id}, options));
  seen.push(Code[gone.code], gone.rawMessage.includes(id));

  const health = createClient(Health, transport);
  try {
    for await (const answer of health.watch({service: UserService.typeName}, {timeoutMs: 3000})) {
      seen.push(answer.status);
    }
  } catch (error) {
    seen.push(Code[error.code]);
  }
  return seen.join(' ');
}

const calls = Object.entries(transports).map(([name, transport], i) => {
  return call(transport, `connect-${i}`).then(
    seen => `${name}: ${seen}`,
    error => `${name}: ${error}`,
  );
});
for (const line of await Promise.all(calls)) {
  console.log(line);
}
process.exit(0);
