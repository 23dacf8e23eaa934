// node-routeros 1.6.9: login, print, add, duplicate, query, listen, remove.
const { RouterOSAPI } = require('node-routeros');
const { target, finish } = require('./target');

async function main() {
  const out = {};
  const wrong = new RouterOSAPI({ ...target, password: 'wrong' });
  await wrong.connect().then(() => { out.wrong = 'let in'; }, (e) => { out.wrong = String(e.message || e); });

  const api = new RouterOSAPI({ ...target, keepalive: true });
  await api.connect();
  out.identity = (await api.write('/system/identity/print'))[0].name;

  const heard = [];
  let wake = () => {};
  const stream = api.stream('/ip/hotspot/user/listen', (err, row) => {
    if (err) throw err;
    if (Array.isArray(row)) return; // the client's own "nothing new"
    heard.push(row.name || row['.id'] + ' ' + row['.dead']);
    wake();
  });
  const until = (n) => new Promise((resolve) => { wake = () => heard.length >= n && resolve(); wake(); });
  await api.write('/system/identity/print'); // commands are taken in order: the listen is on

  out.ret = (await api.write('/ip/hotspot/user/add', ['=name=node1', '=password=p', '=limit-uptime=3600']))[0].ret;
  await api.write('/ip/hotspot/user/add', ['=name=node1']).then(() => { out.dup = 'added'; }, (e) => { out.dup = e.message; });
  const long = 'x'.repeat(20000); // three bytes of length
  await api.write('/ip/hotspot/user/add', ['=name=node2', '=comment=' + long]);
  out.query = (await api.write('/ip/hotspot/user/print', ['?name=node1', '?name=node2', '?#|', '=.proplist=name,limit-uptime']))
    .map((row) => row.name + ' ' + row['limit-uptime']);
  out.long = (await api.write('/ip/hotspot/user/print', ['?name=node2']))[0].comment === long;
  await Promise.all(Array.from({ length: 30 }, (_, i) => api.write('/ip/hotspot/user/add', ['=name=many' + i])));
  out.none = (await api.write('/ip/hotspot/active/print')).length;
  await api.write('/ip/hotspot/user/remove', ['=.id=' + out.ret]);
  await until(33);
  out.heard = [heard[0], heard[32]];
  await stream.stop();
  await api.close();
  return out;
}

main().then(finish, finish);
