// Command gerai is the product: the shop, its workers and the tools an operator needs.
// No rule may live here beyond flags, exit codes and printing.
// People and service managers run it.
package main
