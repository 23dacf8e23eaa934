package xendit

import (
	"fmt"
	"net/http"

	"github.com/xendit/xendit-go/v7/common"

	"gerai/internal/fault"
)

func requests(op string, t *trace, res *http.Response, sdkErr *common.XenditSdkError) ([]request, error) {
	a, err := collect(op, t, res, sdkErr, fault.Unavailable)
	if err != nil {
		return nil, err
	}
	var list requestList
	if err := decode(a.body, &list); err != nil {
		return nil, fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("%s: %w", op, err))
	}
	return list.Data, nil
}
