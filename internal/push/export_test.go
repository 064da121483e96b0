package push

// NewFCMOn is NewFCM over a transport that trusts a stand-in.
var NewFCMOn = newFCMOn
