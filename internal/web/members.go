package web

import (
	"strings"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
)

// membersView lists the members of the practice.
type membersView struct {
	Words
	attempt
	Tabs    tabs
	Members []people.Member
	Adds    bool
	Form    string
}

func (s *site) members(r *request) error {
	v := membersView{
		Words:   r.words(),
		attempt: r.attempt,
		Tabs:    r.practiceTabs("members"),
		Adds:    access.Enter(r.viewer, "createMember") == nil,
		Form:    r.formToken(),
	}
	var err error
	if v.Members, err = s.parts.People.Members(r.ctx, r.viewer); err != nil {
		return err
	}
	return r.show("members", v.Say("members.title"), v)
}

// Role names a role.
func (v membersView) Role(role access.Role) string {
	if role == access.Admin {
		return v.Say("members.role.admin")
	}
	return v.Say("members.role.therapist")
}

func (s *site) addMember(r *request) error {
	f := fields{
		"id":       r.FormValue("id"),
		"name":     strings.TrimSpace(r.FormValue("name")),
		"email":    strings.TrimSpace(r.FormValue("email")),
		"password": r.FormValue("password"),
		"role":     r.FormValue("role"),
	}
	err := s.parts.Contract.Check("createMember", f)
	if err == nil {
		_, _, err = s.parts.People.CreateMember(r.ctx, r.viewer, people.NewMember{
			ID:       id.Member(r.FormValue("id")),
			Name:     f["name"].(string),
			Email:    f["email"].(string),
			Password: r.FormValue("password"),
			Role:     access.Role(r.FormValue("role")),
		})
	}
	return r.answerForm(err, "member", "/practice/members", func() error { return s.members(r) })
}
