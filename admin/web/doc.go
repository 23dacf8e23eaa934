// Package web is what every page of the panel needs: the handler and its options, the request with its account, routes with their rights, confirmation of what cannot be taken back, error pages, and lines and values that pages of several areas show or read.
// No page of one area and no table of routes may live here.
// The areas beside it and package admin call it.
package web
