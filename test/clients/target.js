// Where the test put the simulator, and how results go back to it.
const { ROUTER_HOST: host, ROUTER_PORT: port, ROUTER_USER: user, ROUTER_PASSWORD: password } = process.env;

exports.target = { host, port: Number(port), user, password, timeout: 10 };

exports.finish = (result) => {
  if (result instanceof Error || result === undefined || result.errno !== undefined) {
    console.error(result);
    process.exit(1);
  }
  process.stdout.write(JSON.stringify(result), () => process.exit(0));
};
