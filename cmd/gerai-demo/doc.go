// Command gerai-demo is the product together with both simulators and demo data in one process.
// It is for trying out, tests and demonstrations; nothing here may be needed to run a real shop.
// Newcomers run it through make demo, acceptance checks run it directly.
package main
