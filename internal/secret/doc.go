// Package secret seals small secrets with AES-256-GCM under a rotating list of keys and derives keyed codes, digests and signatures from the same list.
// No storage, no configuration reading and no knowledge of what is sealed may live here.
// The store seals what its file must not give away and finds rows by digests of it; the shop derives codes; app passes the keys in.
package secret
