package door

import (
	"bytes"
	"net/http"
	"strings"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/admission"
)

// kind is what the gate knows about a request before routing.
type kind struct {
	number int // of requests with comparable duration
	class  admission.Class
	probe  bool // always answered
	queues bool // waits for a turn to sign in, so its duration says nothing about load
}

// Kinds of requests outside the contract: pages and documents, forms.
const (
	pageKind = iota
	formKind
	firstOperation
)

// KindsOf is the number of kinds of requests, for admission.New.
func KindsOf(c *Contract) int { return firstOperation + len(c.operations) }

// kinds finds the operation of a request by method and path. Fiber does so too, but only after trying every route.
type kinds struct{ root *segment }

// segment is a node of the tree of paths.
type segment struct {
	literal map[string]*segment
	any     *segment // matches a parameter
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

// child returns the node below, creating it if necessary.
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

// of returns the kind of a request without allocating memory.
func (k *kinds) of(method, path []byte) kind {
	rest, more := bytes.CutPrefix(path, []byte("/")) // a path without a leading slash is none of ours
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

// outside returns the kind of a request outside the contract. Pages are for members, and a form holds what somebody has
// typed.
func outside(method []byte) kind {
	if string(method) == http.MethodPost {
		return kind{number: formKind, class: admission.Reads}
	}
	return kind{number: pageKind, class: admission.Rest}
}
