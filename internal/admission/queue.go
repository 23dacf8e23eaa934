package admission

import "slices"

// queue holds tickets in one line for each client. Clients take turns.
type queue struct {
	lines   map[string][]*ticket
	turns   []string // clients with a line, the next one first
	waiting int
}

func (q *queue) push(t *ticket) {
	if len(q.lines[t.client]) == 0 {
		q.turns = append(q.turns, t.client)
	}
	q.lines[t.client] = append(q.lines[t.client], t)
	q.waiting++
}

// pop takes the first ticket of the client whose turn it is; nil where none waits.
func (q *queue) pop() *ticket {
	if len(q.turns) == 0 {
		return nil
	}
	client := q.turns[0]
	t := q.lines[client][0]
	q.remove(t)
	if len(q.lines[client]) > 0 {
		q.turns = append(q.turns[1:], client)
	}
	return t
}

// remove takes a ticket out, and reports whether it was there.
func (q *queue) remove(t *ticket) bool {
	line := q.lines[t.client]
	i := slices.Index(line, t)
	if i < 0 {
		return false
	}
	q.waiting--
	if line = slices.Delete(line, i, i+1); len(line) > 0 {
		q.lines[t.client] = line
		return true
	}
	delete(q.lines, t.client)
	i = slices.Index(q.turns, t.client)
	q.turns = slices.Delete(q.turns, i, i+1)
	return true
}

// longest is the client that has most tickets.
func (q *queue) longest() (client string) {
	most := 0
	for _, c := range q.turns {
		if n := len(q.lines[c]); n > most {
			client, most = c, n
		}
	}
	return client
}

// dropLast refuses the last ticket of a client.
func (q *queue) dropLast(client string) {
	line := q.lines[client]
	t := line[len(line)-1]
	q.remove(t)
	t.served <- false
}
