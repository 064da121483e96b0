package push

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/auth"
	"firebase.google.com/go/v4/errorutils"

	"cadans/internal/kernel/delivery"
)

// failureOf classifies a message that FCM did not accept.
func failureOf(err error, seen *witness, now time.Time) *delivery.Failure {
	response := errorutils.HTTPResponse(err)
	switch {
	case seen.broken != nil:
		return lost(seen)
	case response == nil: // the SDK refused the message before it tried
		return &delivery.Failure{Kind: delivery.RefusedForAll, Cause: "sdk"}
	}
	if response.StatusCode == unavailable {
		response.StatusCode = http.StatusServiceUnavailable
	}
	return read(response, now).failure()
}

// lost classifies a request without an answer: it depends on how far the request came. A refused token means that our
// key is refused. An answer that breaks off after a refusal is still a refusal.
func lost(seen *witness) *delivery.Failure {
	f := &delivery.Failure{Kind: delivery.NeverLeft, Cause: whyBroken(seen.broken)}
	var token *auth.Error
	switch {
	case errors.As(seen.broken, &token) && isRefused(token.Response):
		f.Kind = delivery.RefusedForAll
	case seen.left.Load() && f.Cause != "cut":
		f.Kind = delivery.MayHaveLeft
	}
	return f
}

func isRefused(r *http.Response) bool {
	return r != nil && r.StatusCode < http.StatusInternalServerError && r.StatusCode != http.StatusTooManyRequests
}

// answer is the part of FCM's answer on which a decision depends.
type answer struct {
	status int
	code   string // FCM's own word; empty where it is none we know
	token  bool   // a violation names the token
	device bool   // the quota of this phone alone
	wait   time.Duration
}

// failure classifies the answers of FCM. Only an answer that names the registration may remove it: a 404 without
// FCM's code may come from any proxy or concern another project, and a 400 may concern the rest of the message. Any
// other refusal would apply to all messages; if it does not, other messages get through and prove it. FCM accepts
// nothing when it answers 503, its code for overload, and hardly anything when it answers 500. After a 5xx from a
// gateway the outcome is unknown.
func (a answer) failure() *delivery.Failure {
	code := strings.TrimSpace(strconv.Itoa(a.status) + " " + a.code)
	f := &delivery.Failure{Kind: delivery.RefusedForAll, Cause: code, Wait: a.wait}
	switch {
	case a.status == http.StatusNotFound && a.code == "UNREGISTERED", a.status == http.StatusBadRequest && a.token:
		f.Kind, f.Wait = delivery.RefusedHere, 0
	case a.status == http.StatusTooManyRequests:
		f.Wait = cmp.Or(f.Wait, usualWait)
		if a.device {
			f.Kind, f.Local = delivery.NeverLeft, true
		}
	case a.status == http.StatusServiceUnavailable:
		f.Kind = delivery.NeverLeft
	case a.status >= http.StatusInternalServerError:
		f.Kind, f.Answered = delivery.MayHaveLeft, a.status == http.StatusInternalServerError
	}
	return f
}

// usualWait is the wait when FCM names no time. longestWait limits the wait that FCM asks for, because pushes are
// useful for two hours.
const (
	usualWait   = time.Minute
	longestWait = time.Hour
)

// words are the codes of FCM that we pass on; any other text could contain parts of the message.
var words = []string{
	"UNREGISTERED", "SENDER_ID_MISMATCH", "QUOTA_EXCEEDED", "UNAVAILABLE", "INTERNAL", "THIRD_PARTY_AUTH_ERROR",
	"INVALID_ARGUMENT",
}

func read(response *http.Response, now time.Time) answer {
	a := answer{status: response.StatusCode, wait: retryAfter(response.Header.Get("Retry-After"), now)}
	var said struct {
		Error struct {
			Details []struct {
				ErrorCode       string
				FieldViolations []struct{ Field string }
				Violations      []struct{ Subject, Description string }
			}
		}
	}
	if json.NewDecoder(response.Body).Decode(&said) != nil {
		return a
	}
	for _, detail := range said.Error.Details {
		if slices.Contains(words, detail.ErrorCode) {
			a.code = detail.ErrorCode
		}
		for _, violation := range detail.FieldViolations {
			a.token = a.token || violation.Field == "message.token"
		}
		for _, quota := range detail.Violations {
			a.device = a.device || strings.Contains(strings.ToLower(quota.Subject+" "+quota.Description), "device")
		}
	}
	return a
}

// retryAfter parses either form of the header. It returns zero if neither can be parsed.
func retryAfter(header string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.ParseInt(header, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), longestWait)
}
