// Command gerai-demo is the product together with both simulators and demo data in one process.
// It is for trying out, tests and demonstrations; nothing here may be needed to run a real shop.
// make demo runs it for people, tests run it directly.
package main
