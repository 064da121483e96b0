package web

import "cadans/internal/screens/review"

// definition explains a number or a sign, and its source.
type definition struct{ Name, Text string }

type helpView struct {
	Words
	Keys        bool
	Definitions []definition
	Review      review.List
}

func (s *site) help(r *request) error {
	list, err := review.Current()
	if err != nil {
		return err
	}
	v := helpView{Words: r.words(), Keys: r.keys() == "on", Review: list}
	for _, d := range definitions {
		key := "definition." + d
		v.Definitions = append(v.Definitions, definition{v.Say(key + ".name"), v.Say(key + ".text")})
	}
	return r.show("help", v.Say("help.title"), v)
}

// definitions lists what is explained, in order.
var definitions = []string{
	"adherence", "asked", "pain", "rise", "attention", "unknown", "alert", "safety", "proposal", "practice",
	"reminders",
	"limits",
}
