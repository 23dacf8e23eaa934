package routers

import (
	"context"

	"gerai/internal/hotspot"
	"gerai/templates"
)

// ProvisioningFiles returns the provisioning of one router as files, for installing by
// hand: a script, the portal's pages and a readme. The router is not called. The script
// holds a new password: keep the files private. Errors: NotFound "router.not_found",
// Config "router.kit_base_url".
func (s *Service) ProvisioningFiles(ctx context.Context, nameOrID string, o ProvisioningOptions) ([]hotspot.Page, error) {
	driver, err := s.provisioner()
	if err != nil {
		return nil, err
	}
	r, err := s.FindRouter(ctx, nameOrID)
	if err != nil {
		return nil, err
	}
	k, err := s.provisioningOf(ctx, r, o)
	if err != nil {
		return nil, err
	}
	site, err := s.Store.Site(ctx, r.SiteID)
	if err != nil {
		return nil, err
	}
	portal, err := s.portalOf(ctx, site)
	if err != nil {
		return nil, err
	}
	server := r.Server
	if server == "all" {
		server = ""
	}
	paper, err := templates.ProvisioningReadme{Portal: portal, Router: r.Name, User: k.User, Server: server}.Readme()
	if err != nil {
		return nil, err
	}
	files := []hotspot.Page{{Name: "README.txt", Body: paper}, {Name: "setup.rsc", Body: driver.ProvisioningScript(k, s.Clock.Now())}}
	for _, page := range k.Pages {
		files = append(files, hotspot.Page{Name: "portal/" + page.Name, Body: page.Body})
	}
	return files, nil
}
