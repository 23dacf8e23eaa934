// routeros-client 1.1.2: the same road through its menu and model layer.
const { RouterOSClient } = require('routeros-client');
const { target, finish } = require('./target');

async function main() {
  const out = {};
  const api = new RouterOSClient(target);
  const client = await api.connect();
  out.identity = (await client.menu('/system identity').getOnly()).name;
  const users = client.menu('/ip hotspot user');
  const added = await users.add({ name: 'wrap1', password: 'p', profile: 'default' });
  out.added = added.name + ' ' + added.profile;
  await users.add({ name: 'wrap1' }).then(() => { out.dup = 'added'; }, (e) => { out.dup = e.message; });
  await users.where('name', 'wrap1').update({ comment: 'changed' });
  out.comment = (await users.where('name', 'wrap1').getOnly()).comment;
  await users.where('name', 'wrap1').remove();
  out.left = (await users.where('name', 'wrap1').get()).length;
  await api.close();
  return out;
}

main().then(finish, finish);
