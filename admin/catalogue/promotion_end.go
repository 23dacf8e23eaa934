package catalogue

import "gerai/admin/web"

// endPromotion ends a promotion now; doing it again changes nothing.
func endPromotion(k *web.Request) error {
	id := k.Param("id")
	if _, err := k.Shop.Catalogue.Promotion(k.AuditContext(), k.Principal.Sites, id); err != nil {
		return err
	}
	err := k.Shop.Catalogue.EndPromotion(k.AuditContext(), k.Actor(), k.Principal.Sites, id)
	return web.BackOrError(k, "/catalogue/promotions/"+id, "promotion.ended_now", err)
}
