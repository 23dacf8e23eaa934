// Package priority says which work goes first where there is not enough for all: the writer of the database, its connections.
// No queue and no lock may live here; those who share something out ask for the level of a context.
// Handlers, the job runner and use cases set it where work enters, and it travels in the context down to the store.
package priority
