// Package stock makes, pauses, disables and prints batches of vouchers ahead of their sale.
// Their sale belongs to counter, their life on a router to vouchers.
// The panel and the job runner call it.
package stock
