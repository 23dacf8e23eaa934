// Package money holds amounts as whole rupiah and the one way to print them.
// No floats, no other currencies, no arithmetic that can overflow silently may live here.
// Every package that touches an amount calls it.
package money
