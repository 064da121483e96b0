package people

// Said is the form in which a new patient is hashed.
func (n NewPatient) Said() any { return n.hashed() }

// Said is the form of which the version of preferences is made.
func (p Preferences) Said() any { return p.hashed() }
