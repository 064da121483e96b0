package door

import (
	"bytes"
	"net/http"
	"strings"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/admission"
)

// kind is what the gate knows of a request before it is routed.
type kind struct {
	number int // of requests whose time is compared
	class  admission.Class
	probe  bool // answered in any case
	queues bool // for a turn to sign in, whatever else there is to do: its time says nothing
}

// Kinds of requests outside the contract: pages and documents, forms.
const (
	pageKind = iota
	formKind
	firstOperation
)

// KindsOf is how many kinds of requests there are, for admission.New.
func KindsOf(c *Contract) int { return firstOperation + len(c.operations) }

// kinds finds the operation of a request by method and path. Fiber would find it as well, after trying every route.
type kinds struct{ root *segment }

// segment is one part of paths.
type segment struct {
	literal map[string]*segment
	any     *segment // where a parameter stands
	kinds   map[string]kind
}

func kindsOf(c *Contract) *kinds {
	k := &kinds{root: &segment{}}
	for i, o := range c.operations {
		class := access.ClassOf(o.id, !o.isGet())
		k.add(o.method, o.path, kind{number: firstOperation + i, class: class, queues: o.id == "logIn"})
	}
	for _, path := range access.SignInPages {
		k.add(http.MethodPost, path, kind{number: formKind, class: admission.Rest, queues: true})
	}
	for _, path := range access.Probes {
		k.add(http.MethodGet, path, kind{probe: true})
	}
	return k
}

func (k *kinds) add(method, path string, is kind) {
	at := k.root
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		at = at.child(part)
	}
	if at.kinds == nil {
		at.kinds = map[string]kind{}
	}
	at.kinds[method] = is
	if method == http.MethodGet {
		at.kinds[http.MethodHead] = is // Fiber answers HEAD where GET is registered
	}
}

// child returns the segment below, and makes it where there is none yet.
func (s *segment) child(part string) *segment {
	if strings.HasPrefix(part, ":") {
		if s.any == nil {
			s.any = &segment{}
		}
		return s.any
	}
	if s.literal == nil {
		s.literal = map[string]*segment{}
	}
	if s.literal[part] == nil {
		s.literal[part] = &segment{}
	}
	return s.literal[part]
}

// of returns what a request is. It costs no memory.
func (k *kinds) of(method, path []byte) kind {
	rest, more := bytes.CutPrefix(path, []byte("/")) // what does not begin with one is no path of ours
	at := k.root
	if !more {
		at = nil
	}
	for more && at != nil {
		var part []byte
		part, rest, more = bytes.Cut(rest, []byte("/"))
		below, known := at.literal[string(part)]
		if !known {
			below = at.any
		}
		at = below
	}
	if at != nil {
		if found, ok := at.kinds[string(method)]; ok {
			return found
		}
	}
	return outside(method)
}

// outside is what stands in no contract. Pages are for members: what they write there was typed by somebody who waits.
func outside(method []byte) kind {
	if string(method) == http.MethodPost {
		return kind{number: formKind, class: admission.Reads}
	}
	return kind{number: pageKind, class: admission.Rest}
}
