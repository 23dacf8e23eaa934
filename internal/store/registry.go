package store

// Statements are declared through request or background, so that a test can
// ask both engines how they would run each of them: a statement that runs per
// request must never read a whole growing table.
var (
	perRequest []string
	sometimes  []string
)

func request(query string) string {
	perRequest = append(perRequest, query)
	return query
}

func background(query string) string {
	sometimes = append(sometimes, query)
	return query
}
