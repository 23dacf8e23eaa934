// Package campaign drives thousands of orders through random faults and kills, and checks what must hold afterwards.
// Nothing that the product runs may live here.
// make campaign and make month run large ones, every test run small ones.
package campaign
