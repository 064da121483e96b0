package web

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What refusal needs to read and change the tree of a page.

// element returns an element with attributes, given as names and values in turn.
func element(kind atom.Atom, attributes ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, DataAtom: kind, Data: kind.String()}
	for i := 0; i+1 < len(attributes); i += 2 {
		set(n, attributes[i], attributes[i+1])
	}
	return n
}

func textNode(said string) *html.Node { return &html.Node{Type: html.TextNode, Data: said} }

func has(n *html.Node, attribute string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == attribute })
}

// valueOf is the value of an attribute; empty if there is none.
func valueOf(n *html.Node, attribute string) string {
	for _, a := range n.Attr {
		if a.Key == attribute {
			return a.Val
		}
	}
	return ""
}

func set(n *html.Node, attribute, value string) {
	remove(n, attribute)
	n.Attr = append(n.Attr, html.Attribute{Key: attribute, Val: value})
}

func remove(n *html.Node, attribute string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == attribute })
}

// byID returns the element in a node that has an id; nil if there is none.
func byID(in *html.Node, id string) *html.Node {
	for n := range in.Descendants() {
		if valueOf(n, "id") == id {
			return n
		}
	}
	return nil
}

// around returns the closest element of a kind around a node; nil if there is none.
func around(n *html.Node, kind atom.Atom) *html.Node {
	for above := range n.Ancestors() {
		if above.DataAtom == kind {
			return above
		}
	}
	return nil
}

func isWithin(n, outer *html.Node) bool {
	for above := range n.Ancestors() {
		if above == outer {
			return true
		}
	}
	return false
}

// isBox reports whether a field is a box to tick, of which several have one name.
func isBox(n *html.Node) bool { return valueOf(n, "type") == "checkbox" }

// textOf is what a label says, without what is chosen or typed in it.
func textOf(label *html.Node) string {
	var said strings.Builder
	for n := range label.Descendants() {
		isOption := around(n, atom.Select) != nil || around(n, atom.Textarea) != nil
		if n.Type == html.TextNode && !isOption {
			said.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(said.String()), " ")
}
