// Usage: node client.js HOST:PORT FOLDER-OF-PROTOS. Prints one line for each thing that it saw.
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [target, protos] = process.argv.slice(2);
const definition = loader.loadSync('shop/v1/users.proto', {keepCase: true, includeDirs: [protos]});
const {UserService} = grpc.loadPackageDefinition(definition).shop.v1;
const users = new UserService(target, grpc.credentials.createInsecure());

function call(method, request) {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 20000;
    users[method](request, {deadline}, (error, reply) => (error ? reject(error) : resolve(reply)));
  });
}

async function main() {
  const user = {id: 'node', name: 'Node', email: 'node@example.org'};
  console.log('created', (await call('CreateUser', {user})).id);
  const renamed = {user: {id: 'node', name: 'js'}, update_mask: {paths: ['name']}};
  console.log('renamed', (await call('UpdateUser', renamed)).name);
  console.log('read', (await call('GetUser', {id: 'node'})).email);
  const again = await call('CreateUser', {user}).catch(error => error);
  console.log('again', grpc.status[again.code]);
  await call('DeleteUser', {id: 'node'});
  const gone = await call('GetUser', {id: 'node'}).catch(error => error);
  console.log('gone', grpc.status[gone.code], gone.details);
  users.close();
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
