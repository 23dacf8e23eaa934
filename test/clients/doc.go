// Package clients holds tests alone: unmodified third-party RouterOS clients in three languages drive the router simulator.
// They prove that it speaks the protocol others expect, not merely the one its own tests expect; nothing of the product belongs here.
// Run `npm ci` in this folder and install python3-librouteros first; what is missing is skipped, or fails with GERAI_TEST_STRICT=1.
package clients
