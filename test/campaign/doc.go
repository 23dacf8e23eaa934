// Package campaign drives thousands of orders through random faults and kills, and checks what must hold afterwards.
// Nothing that the product runs may live here.
// make campaign runs a large one, every test run a small one.
package campaign
