package admission

import "slices"

// queue holds the tickets of each client in their order. Clients take turns.
type queue struct {
	byClient map[string][]*ticket
	turns    []string // clients with tickets, the next one first
	waiting  int
}

func (q *queue) push(t *ticket) {
	if len(q.byClient[t.client]) == 0 {
		q.turns = append(q.turns, t.client)
	}
	q.byClient[t.client] = append(q.byClient[t.client], t)
	q.waiting++
}

// pop takes the first ticket of the client whose turn it is; nil where none waits.
func (q *queue) pop() *ticket {
	if len(q.turns) == 0 {
		return nil
	}
	client := q.turns[0]
	t := q.byClient[client][0]
	q.remove(t)
	if len(q.byClient[client]) > 0 {
		q.turns = append(q.turns[1:], client)
	}
	return t
}

// remove takes a ticket out, and reports whether it was there.
func (q *queue) remove(t *ticket) bool {
	tickets := q.byClient[t.client]
	i := slices.Index(tickets, t)
	if i < 0 {
		return false
	}
	q.waiting--
	if tickets = slices.Delete(tickets, i, i+1); len(tickets) > 0 {
		q.byClient[t.client] = tickets
		return true
	}
	delete(q.byClient, t.client)
	i = slices.Index(q.turns, t.client)
	q.turns = slices.Delete(q.turns, i, i+1)
	return true
}

// longest is the client that has most tickets.
func (q *queue) longest() (client string) {
	most := 0
	for _, c := range q.turns {
		if n := len(q.byClient[c]); n > most {
			client, most = c, n
		}
	}
	return client
}

// dropLast refuses the last ticket of a client.
func (q *queue) dropLast(client string) {
	tickets := q.byClient[client]
	t := tickets[len(tickets)-1]
	q.remove(t)
	t.served <- false
}
