//go:build !race

package routeros

// many is what the largest operators have on one router.
const many = 50_000
