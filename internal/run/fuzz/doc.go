// Package fuzz sends the whole program what nobody should send, and what everybody may. Its tests make requests from
// openapi.yaml, seeded and in the same order each time, so that a finding can be sent again.
//
// They promise that no request is answered 5xx or against the contract, that nothing invalid is accepted, that a
// refusal changes nothing, and that nobody reads or changes what belongs to a neighbour or to another practice.
package fuzz
