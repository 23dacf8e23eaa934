//go:build !race

package admin

// many is what the largest operators have on one router.
const many = 50_000
