package web

import (
	"context"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/actor"
	"gerai/internal/staff"
	"gerai/templates"
)

// Request is one request with the account that sends it.
type Request struct {
	*fiber.Ctx
	*Handler
	Principal staff.Principal
}

// AuditContext is the request's context; audit rows under it name the account and its address.
func (k *Request) AuditContext() context.Context {
	if k.Principal.ID == "" {
		return k.UserContext()
	}
	return k.Principal.Under(k.UserContext())
}

// Lang is the account's language, before sign-in the one asked for.
func (k *Request) Lang() templates.Lang {
	if k.Principal.ID != "" {
		return templates.ParseLang(k.Principal.Lang)
	}
	return templates.ParseLang(k.Query("lang"))
}

// Actor is the account as use cases about money take it.
func (k *Request) Actor() actor.Actor {
	return k.Principal.Actor()
}

// Param is a part of the address, as it was before it was escaped.
func (k *Request) Param(name string) string {
	s, err := url.PathUnescape(k.Params(name))
	if err != nil {
		return ""
	}
	return s
}
