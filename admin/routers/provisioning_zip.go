package routers

import (
	"archive/zip"
	"bytes"

	"gerai/admin/web"
)

// provisioningZip sends all provisioning files of a router as one archive, for
// installing by hand.
func provisioningZip(k *web.Request) error {
	r, files, err := provisioningFiles(k)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: "gerai-" + r.ID + "/" + f.Name, Method: zip.Deflate, Modified: k.Clock.Now()})
		if err != nil {
			return err
		}
		if _, err := w.Write([]byte(f.Body)); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return download(k, "application/zip", "gerai-"+r.ID+".zip", b.Bytes())
}
