// Package replicas proves that several processes share the work on PostgreSQL and Redis.
// Nothing that the product runs may live here.
// The test run calls it where both servers are there.
package replicas
