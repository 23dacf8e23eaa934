// Package secret seals small secrets with AES-256-GCM under a rotating list of keys and derives keyed codes from the same list.
// No storage, no configuration reading and no knowledge of what is sealed may live here.
// The store seals router and gateway passwords with it, the shop derives claim codes, app passes the keys in.
package secret
