package ledger

import "gerai/internal/order"

// Topics on the bus. Messages carry no data: receivers read the row again.
const (
	// TopicJobs says that a queue, named in the message, has work.
	TopicJobs = "jobs"
	// TopicCatalogue says that sites, plans or the brand changed.
	TopicCatalogue = "catalogue"
	topicOrder     = "order:"
)

// OrderTopic is where changes of one order are announced.
func OrderTopic(id order.ID) string { return topicOrder + string(id) }
