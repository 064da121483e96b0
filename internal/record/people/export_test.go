package people

// Hashed is the form in which a new patient is hashed.
func (n NewPatient) Hashed() any { return n.hashed() }

// Hashed is the form of which the version of preferences is made.
func (p Preferences) Hashed() any { return p.hashed() }
