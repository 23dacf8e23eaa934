// Package e2e holds tests alone: a real browser, the size of a small phone, buys vouchers from the real demo program, with JavaScript and without.
// What can be proven without a browser is proven in the packages; nothing of the product belongs here, and nothing of it is imported but the panel's list of routes and who may use them, and its sentences.
// Run `npm ci` in this folder for the accessibility checker; what is missing is skipped, or fails with GERAI_TEST_STRICT=1.
package e2e
